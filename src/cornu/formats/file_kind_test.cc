#include "cornu/formats/file_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/formats/safetensors.h"

namespace cornu::inline v0::formats {
namespace file_kind_test {

using ::testing::StartsWith;
using std::string_view_literals::operator""sv;

std::string kind_of(std::string_view bytes) {
  return foreign_kind(std::as_bytes(std::span(bytes))).name;
}

// A ZIP archive's first local header, of a file of that name.
std::string zip_with(const std::string& name) {
  std::string bytes("PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x21\x00"sv);
  bytes.resize(26, '\0');
  bytes += static_cast<char>(name.size());
  bytes += '\0';
  bytes += "\0\0"sv;
  return bytes + name + "content";
}

TEST(FileKind, FollowsFromTheFirstBytes) {
  EXPECT_THAT(kind_of("\x89HDF\r\n\x1a\n\0\0\0\0"sv), StartsWith("an HDF5 file"));
  EXPECT_EQ(kind_of(zip_with("metadata.json")), "a .keras file");
  EXPECT_EQ(kind_of(zip_with("config.json")), "a .keras file");
  EXPECT_EQ(kind_of(zip_with("x_train.npy")), "a NumPy .npz file");
  EXPECT_THAT(kind_of(zip_with("archive/data.pkl")), StartsWith("a file of PyTorch"));
  EXPECT_EQ(kind_of(zip_with("holiday.jpg")), "a ZIP archive");
  EXPECT_EQ(kind_of("PK\x05\x06"sv), "a ZIP archive");
  EXPECT_EQ(kind_of("\x93NUMPY\x01\x00"sv), "a NumPy .npy file");
  EXPECT_EQ(kind_of("\x08\x07\x12\x07pytorch\x1a\x05"sv), "an ONNX file");
  EXPECT_EQ(kind_of("\x08\x0a:\x80\x01"sv), "an ONNX file");
  EXPECT_THAT(kind_of("\x80\x02}q\0."sv), StartsWith("a pickle of Python"));
  EXPECT_THAT(kind_of("\x80\x04\x95\x10"sv), StartsWith("a pickle of Python"));
  EXPECT_EQ(kind_of("\x1c\0\0\0TFL3\x14"sv), "a file of TensorFlow Lite");
  EXPECT_EQ(kind_of("PAR1\x15\x04"sv), kParquetFile);
  EXPECT_EQ(kind_of(zip_with("[Content_Types].xml")), kExcelFile);
  EXPECT_EQ(kind_of(zip_with("xl/workbook.xml")), kExcelFile);
  EXPECT_EQ(kind_of("\xD0\xCF\x11\xE0\xA1\xB1"sv), kExcelFile);
  EXPECT_EQ(kind_of("GGUF\x03\0\0\0"sv), "a GGUF file");
  EXPECT_EQ(kind_of("\x1f\x8b\x08\0"sv), "a gzip file");
  EXPECT_EQ(kind_of("  {\"class_name\": \"Sequential\"}"), kJsonText);
}

TEST(FileKind, PicturesAndDocumentsAreNamed) {
  EXPECT_EQ(kind_of("GIF89a\1\0"sv), "a GIF picture");
  EXPECT_EQ(kind_of("BM\x46\0\0\0\0\0\0\0\x36"sv), "a BMP picture");
  EXPECT_EQ(kind_of("RIFF....WEBPVP8 "), "a WebP picture");
  EXPECT_EQ(kind_of("\0\0\0\x18"
                    "ftypheic"sv),
            "a HEIC picture");
  EXPECT_EQ(kind_of("\0\0\0\x1c"
                    "ftypavif"sv),
            "an AVIF picture");
  EXPECT_EQ(kind_of("MM\0*\0\0"sv), "a TIFF picture");
  EXPECT_EQ(kind_of("%PDF-1.7\n"), "a PDF file");
  EXPECT_EQ(kind_of("<svg xmlns=\"\">"), "an SVG picture");
  EXPECT_EQ(kind_of("<!DOCTYPE html>\n<html>"), "a web page");
  // Names of columns.
  for (const char* const each :
       {"BMI,age\n1,2\n", "RIFFS,WEBP\n", "II*,x\n", "GIF8,b\n", "MMM\n"}) {
    EXPECT_EQ(kind_of(each), "") << each;
  }
}

TEST(FileKind, IsEmptyForUnknownFiles) {
  for (const std::string_view each : {""sv, "P"sv, "PK"sv, "\x89HDF"sv, "hello, I am no model\n"sv,
                                      "\x08"sv, "\x80"sv, "\x80\xff"sv, "\x93NUM"sv}) {
    EXPECT_EQ(kind_of(each), "") << each;
  }
}

TEST(FileKind, TextIsTold) {
  const auto is_text = [](std::string_view text) {
    return begins_as_text(std::as_bytes(std::span(text)));
  };
  EXPECT_TRUE(is_text("flatten,\r\n\tdense(10)\n"));
  EXPECT_TRUE(
      is_text("Gr\xC3\xBC\xC3\x9F"
              "e"));
  EXPECT_FALSE(is_text(""));
  EXPECT_FALSE(is_text("\x10\0\0\0\0\0\0\0{\"a\""sv));
  EXPECT_FALSE(is_text("text and then \x1b"));
}

// The length of a safetensors header may look like any of them.
TEST(FileKind, IsEmptyForSafetensors) {
  Safetensors file;
  file.tensors.emplace_back("a", Tensor(Shape{2}));
  const std::vector<std::byte> bytes = write_safetensors(file);
  EXPECT_EQ(foreign_kind(bytes).name, "");
  EXPECT_EQ(kind_of("PK\x03\x04\0\0\0\0{\"a\""sv), "");
  EXPECT_EQ(kind_of("\x08\x07\x12\0\0\0\0\0{\"a\""sv), "");
}

}  // namespace file_kind_test
}  // namespace cornu::inline v0::formats
