#include "cornu/saving/model_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/core/finite.h"
#include "cornu/core/names.h"
#include "cornu/core/value.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/json.h"
#include "cornu/formats/npz.h"
#include "cornu/formats/safetensors.h"
#include "cornu/formats/sha256.h"

namespace cornu::inline v0 {
namespace {

constexpr const char* kEnding = ".safetensors";
// The bytes by which a kind of file is known, with room for the name of an archive's first file.
constexpr uint64_t kKnownBy = 4096;

void require_finite(const Tensor& weight, const std::string& name, const std::string& path) {
  const auto values = weight.span<float>();
  const size_t at = first_not_finite(values);
  if (at == values.size()) return;
  const auto count = std::ranges::count_if(values, [](float x) { return !std::isfinite(x); });
  throw Error({.kind = ErrorKind::corrupt,
               .where = path + ": " + name,
               .expected = "finite weights",
               .found = with_commas(count) + " of " +
                        with_commas(static_cast<int64_t>(values.size())) +
                        " that are not, the first " + shortest(values[at]) + " at element " +
                        std::to_string(at)});
}

// What to do for a format of another program.
std::string instead_of(const std::string& path) {
  if (path.ends_with(".onnx")) {
    return "ONNX files cannot be written yet; in Python, Keras opens a .keras file and exports it";
  }
  if (path.ends_with(".pt") || path.ends_with(".pth")) {
    return "PyTorch reads weights in .safetensors, by safetensors.torch.load_file";
  }
  return "";
}

void require_ending(const std::string& path, const char* known) {
  if (path.ends_with(kEnding)) return;
  throw Error({.kind = ErrorKind::unsupported,
               .where = path,
               .what = "cannot tell the format from the name",
               .expected = std::string("a name that ends in ") + known,
               .hint = instead_of(path)});
}

}  // namespace

void write_weights(const std::vector<std::pair<std::string, Tensor>>& weights,
                   const std::string& path) {
  if (path.ends_with(".npz")) return replace_file(path, formats::npz_parts(weights));
  require_ending(path, ".weights.h5, .npz or .safetensors");
  replace_file(path, formats::safetensors_parts(weights, {}));
}

void write_model_file(const ModelFile& file, const std::string& path) {
  require_ending(path, ".keras, .h5 or .safetensors");
  replace_file(path, formats::safetensors_parts(file.weights,
                                                {{kModelKey, formats::write_json(file.config)}}));
}

namespace {

// Error, which names its kind, for a folder or another kind of file.
formats::Safetensors read(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) {
    const bool is_saved_model = std::filesystem::exists(path + "/saved_model.pb", none);
    std::string hint;
    for (const char* const file : kModelFiles) {
      if (!hint.empty() || !std::filesystem::exists(path + "/" + file, none)) continue;
      hint = "the model in it is " + path + "/" + file;
    }
    throw Error({.kind = ErrorKind::unsupported,
                 .where = path,
                 .expected = "a model file",
                 .found = is_saved_model ? "a folder of TensorFlow (SavedModel)" : "a folder",
                 .hint = hint});
  }
  FileBytes file(path);
  if (file.size() == 0) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = path,
                 .expected = "a model file",
                 .found = "a file of 0 bytes",
                 .hint = "a disk may have been full when it was written: save or copy it again"});
  }
  const std::span<const std::byte> first = file.view(0, std::min(kKnownBy, file.size()));
  formats::FileKind kind = formats::foreign_kind(first);
  if (kind.name.empty() && formats::begins_as_text(first)) kind.name = "a text file";
  if (!kind.name.empty()) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = path,
                 .what = "is " + kind.name,
                 .expected = "a model file: .keras, .h5 or .safetensors",
                 .hint = kind.hint});
  }
  formats::Safetensors in = formats::read_safetensors(file, path);
  file.require_unchanged();
  std::erase_if(in.tensors, [](const auto& each) { return each.first.starts_with(kStatePrefix); });
  return in;
}

void check_weights(const std::vector<std::pair<std::string, Tensor>>& weights,
                   const std::string& path) {
  for (const auto& [name, weight] : weights) {
    if (weight.dtype() != DType::float32) {
      throw Error({.kind = ErrorKind::unsupported,
                   .where = path + ": " + name,
                   .expected = "float32 weights",
                   .found = std::string(cornu::name(weight.dtype()))});
    }
    require_finite(weight, name, path);
  }
}

}  // namespace

bool is_npz_file(const std::string& path) {
  // A pipe would wait.
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return false;
  std::array<char, kKnownBy> first = {};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  return formats::foreign_kind(std::as_bytes(std::span(first))).name == formats::kNpzFile;
}

std::vector<std::pair<std::string, Tensor>> read_weights(const std::string& path) {
  if (is_npz_file(path)) {
    const Block file = read_block(path, kLargestFile);
    formats::Npz npz = formats::read_npz(file.span(), path);
    check_weights(npz.tensors, path);
    return std::move(npz.tensors);
  }
  formats::Safetensors in = read(path);
  check_weights(in.tensors, path);
  return std::move(in.tensors);
}

ModelFile read_model_file(const std::string& path) {
  formats::Safetensors in = read(path);
  const auto meta = std::find_if(in.metadata.begin(), in.metadata.end(),
                                 [](const auto& entry) { return entry.first == kModelKey; });
  if (meta == in.metadata.end()) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = path,
                 .what = "holds tensors but no model of Cornu's",
                 .expected = "the metadata key \"cornu\", which says what the network is"});
  }
  ModelFile file;
  file.config = formats::read_json(meta->second, path + ": metadata \"cornu\"").as_map();
  file.weights = std::move(in.tensors);
  check_weights(file.weights, path);
  return file;
}

std::string weights_sha256(const std::vector<std::pair<std::string, TensorView>>& weights) {
  static_assert(std::endian::native == std::endian::little, "weights are hashed little-endian");
  formats::Sha256 sha;
  const auto number = [&sha](uint64_t value) { sha.add(std::as_bytes(std::span(&value, 1))); };
  const auto text = [&](std::string_view value) {
    number(value.size());
    sha.add(value);
  };
  for (const auto& [name, weight] : weights) {
    text(name);
    text(cornu::name(weight.dtype()));
    number(static_cast<uint64_t>(weight.shape().ndim()));
    for (int64_t extent : weight.shape().extents()) number(static_cast<uint64_t>(extent));
    sha.add(std::span(weight.data(), weight.nbytes()));
  }
  return sha.hex();
}

}  // namespace cornu::inline v0
