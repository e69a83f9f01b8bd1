#include "cornu/formats/file_kind.h"

#include <algorithm>
#include <string_view>

namespace cornu::inline v0::formats {
namespace {

using std::string_view_literals::operator""sv;

constexpr const char* kByKeras = "load_model(path) opens it";

std::string small(std::string_view text) {
  std::string letters(text);
  for (char& each : letters) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return letters;
}

uint8_t byte_at(std::string_view text, size_t at) {
  return at < text.size() ? static_cast<uint8_t>(text[at]) : 0;
}

// The length of a header of less than 4 GiB, then JSON.
bool may_be_safetensors(std::string_view text) {
  return text.size() > 8 && text.substr(4, 4) == "\0\0\0\0"sv && text[8] == '{';
}

// The name of its first file shows which program made a ZIP archive.
FileKind archive(std::string_view text) {
  const size_t size = byte_at(text, 26) + size_t{256} * byte_at(text, 27);
  const std::string_view name = text.substr(std::min<size_t>(30, text.size()), size);
  if (name.ends_with(".npy")) return {kNpzFile};
  if (name == "metadata.json" || name == "config.json" || name.ends_with(".weights.h5")) {
    return {kKerasArchive, kByKeras};
  }
  if (name.ends_with("data.pkl") || name.ends_with("/.format_version") ||
      name.ends_with("/byteorder") || name.find("/code/") != std::string_view::npos) {
    return {"a file of PyTorch (.pt, .pth)",
            "in Python, safetensors.torch.save_file writes its tensors as safetensors"};
  }
  if (name == "[Content_Types].xml" || name.starts_with("xl/")) return {kExcelFile};
  return {"a ZIP archive"};
}

// Pictures and documents that no part of Cornu reads.
FileKind document(std::string_view text) {
  constexpr const char* kByImageMagick = "ImageMagick converts most pictures: convert IN OUT.png";
  const auto has_at = [text](size_t at, std::string_view mark) {
    return text.substr(std::min(at, text.size())).starts_with(mark);
  };
  if (has_at(0, "GIF87a") || has_at(0, "GIF89a")) return {"a GIF picture", kByImageMagick};
  if (has_at(0, "BM") && has_at(6, "\0\0\0\0"sv)) return {"a BMP picture", kByImageMagick};
  if (has_at(0, "RIFF") && has_at(8, "WEBP")) return {"a WebP picture", kByImageMagick};
  if (has_at(4, "ftypavif")) return {"an AVIF picture", kByImageMagick};
  if (has_at(4, "ftyphei") || has_at(4, "ftypmif1")) return {"a HEIC picture", kByImageMagick};
  if (has_at(0, "II*\0"sv) || has_at(0, "MM\0*"sv)) return {"a TIFF picture", kByImageMagick};
  if (has_at(0, "%PDF-")) {
    return {"a PDF file", "pdftoppm -png IN OUT makes a picture of each page"};
  }
  const std::string begin = small(text.substr(0, 14));
  if (begin.starts_with("<svg")) return {"an SVG picture", kByImageMagick};
  if (begin.starts_with("<!doctype html") || begin.starts_with("<html")) {
    return {"a web page", "save the file that it links to, not the page"};
  }
  if (begin.starts_with("<?xml")) return {"an XML file, perhaps SVG", kByImageMagick};
  return {};
}

// A message of protocol buffers that begins with ir_version, followed by the producer, the domain,
// the model's version, its text, the graph or the operators' versions.
bool is_onnx(std::string_view text) {
  constexpr std::string_view kNext = "\x12\x1a\x22\x28\x32\x3a\x42";
  return byte_at(text, 0) == 0x08 && byte_at(text, 1) >= 1 && byte_at(text, 1) <= 32 &&
         text.size() > 2 && kNext.find(text[2]) != std::string_view::npos;
}

}  // namespace

FileKind foreign_kind(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (may_be_safetensors(text)) return {};
  if (text.starts_with("\x89HDF\r\n\x1a\n"sv)) {
    return {"an HDF5 file, as Keras writes .h5 and .weights.h5", kByKeras};
  }
  if (text.starts_with("PK\x03\x04"sv) || text.starts_with("PK\x05\x06"sv)) return archive(text);
  if (text.starts_with("\x93NUMPY"sv)) return {"a NumPy .npy file"};
  if (text.substr(0, 8).ends_with("TFL3")) return {"a file of TensorFlow Lite"};
  if (text.starts_with("PAR1")) return {kParquetFile};
  if (text.starts_with("\xD0\xCF\x11\xE0")) return {kExcelFile};
  if (text.starts_with("\x89PNG\r\n"sv) || text.starts_with("\xFF\xD8\xFF"sv)) return {kPicture};
  if (text.starts_with("GGUF")) return {"a GGUF file"};
  if (byte_at(text, 0) == 0x80 && byte_at(text, 1) >= 2 && byte_at(text, 1) <= 5) {
    return {
        "a pickle of Python, as old PyTorch and scikit-learn write",
        "a pickle can run code, so none is opened; in Python, safetensors writes its tensors as "
        "safetensors"};
  }
  if (text.starts_with("\x1f\x8b"sv)) return {"a gzip file", "unpack it first"};
  if (is_onnx(text)) return {"an ONNX file", "ONNX files cannot be read yet"};
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    return {kJsonText, "model_from_json reads a network that Keras's model.to_json() describes"};
  }
  return document(text);
}

bool begins_as_text(std::span<const std::byte> bytes) {
  return !bytes.empty() && std::ranges::all_of(bytes, [](std::byte each) {
    const auto c = static_cast<uint8_t>(each);
    return (c >= 0x20 && c != 0x7f) || (c >= '\t' && c <= '\r');
  });
}

}  // namespace cornu::inline v0::formats
