#include "cornu/formats/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/archive_test.h"
#include "cornu/formats/npy.h"

namespace cornu::inline v0::formats {
namespace npz_test {

using testing::HasSubstr;

std::vector<std::byte> golden(const std::string& name) {
  return read_file(std::string(kSourceFolder) + "/tests/goldens/npz/" + name);
}

std::string npy_text(const Tensor& tensor) {
  return text_of(write_npy(tensor).span());
}

// Element i is 3i - 7, in every dtype, order and shape.
TEST(Npz, ReadsWhatNumPySaves) {
  for (const char* name : {"savez.npz", "savez_compressed.npz"}) {
    const Npz npz = read_npz(golden(name), name);
    ASSERT_EQ(npz.tensors.size(), 17U);
    for (const auto& [key, tensor] : npz.tensors) {
      for (int64_t i = 0; i < tensor.size(); ++i) {
        const double value = static_cast<double>(i) * 3 - 7;
        const double expected = key == "bool"                             ? i % 2
                                : tensor.dtype() == DType::uint8 && i < 3 ? value + 256
                                                                          : value;
        EXPECT_EQ(tensor.at(i), expected) << name << " " << key << " " << i;
      }
    }
    EXPECT_EQ(npz.at("bool", name).dtype(), DType::uint8);
    EXPECT_EQ(npz.at("big/float64", name).dtype(), DType::float64);
    EXPECT_EQ(npz.at("scalar", name).shape(), Shape{});
    EXPECT_EQ(npz.at("none", name).shape(), (Shape{0, 4}));
    EXPECT_EQ(npz.at("fortran/three", name).shape(), (Shape{2, 3, 4}));
    EXPECT_EQ(npz.at("eight_axes", name).shape(), (Shape{2, 1, 1, 2, 1, 3, 1, 1}));
  }
}

TEST(Npz, WritesEachArrayAsNumPyDoes) {
  const std::vector<std::byte> file = golden("savez.npz");
  size_t compared = 0;
  for (const ZipMember& member : read_zip(file, "savez.npz")) {
    const std::string text = text_of(member.bytes);
    if (text.find("'>") != std::string::npos || text.find("True") != std::string::npos ||
        text.find("|b1") != std::string::npos) {
      continue;  // never written so
    }
    EXPECT_EQ(npy_text(read_npy(member.bytes, member.name)), text) << member.name;
    ++compared;
  }
  EXPECT_EQ(compared, 9U);
}

TEST(Npz, ReadsBackWhatItWrote) {
  const Npz npz = read_npz(golden("savez.npz"), "m");
  const Block file = write_npz(npz);
  const Npz again = read_npz(file.span(), "m");
  ASSERT_EQ(again.tensors.size(), npz.tensors.size());
  for (size_t i = 0; i < npz.tensors.size(); ++i) {
    EXPECT_EQ(again.tensors[i].first, npz.tensors[i].first);
    EXPECT_EQ(npy_text(again.tensors[i].second), npy_text(npz.tensors[i].second));
  }
  EXPECT_EQ(text_of(write_npz(again).span()), text_of(file.span()));
  EXPECT_TRUE(read_npz(write_npz({}).span(), "m").tensors.empty());
}

TEST(Npz, AMissingArrayIsNamedBesideThoseThere) {
  const Npz npz = {.tensors = {{"x_test", Tensor(Shape{1})}, {"y\n", Tensor(Shape{1})}}};
  EXPECT_EQ(npz.find("x_train"), nullptr);
  EXPECT_EQ(npz.find("x_test"), &npz.tensors[0].second);
  EXPECT_EQ(error_of([&] { npz.at("x_train", "mnist.npz"); }),
            "mnist.npz: an array is missing; expected \"x_train\", got \"x_test\", \"y\\x0a\".");
  EXPECT_THAT(error_of([] { Npz().at("x", "m"); }), HasSubstr("got no arrays"));
}

TEST(Npz, RefusesMembersThatAreNoArrays) {
  const auto refused = [](const MadeMember& member) {
    const auto file = bytes_of(MadeArchive({member}).text);
    return error_of([&] { read_npz(file, "m.npz"); });
  };
  EXPECT_EQ(refused(stored("a.txt", "")),
            "m.npz: member \"a.txt\": not an array; expected a name that ends with .npy.");
  EXPECT_THAT(refused(stored("a.npy", "text")),
              HasSubstr("m.npz: member \"a.npy\": not an NPY file"));
  EXPECT_THAT(refused(deflated("a.npy", "text")), HasSubstr("not an NPY file"));
}

TEST(Npz, SurvivesEveryDamage) {
  const Block whole = write_npz({.tensors = {{"a", Tensor::of<uint8_t>({2}, {1, 2})}}});
  const std::vector<std::byte> file(whole.span().begin(), whole.span().end());
  const auto visit = [](std::span<const std::byte> bytes) { read_npz(bytes, "m"); };
  EXPECT_EQ(each_beginning(file, visit), file.size());
  EXPECT_GT(each_flip(file, visit), file.size() * 8 * 3 / 4);
}

}  // namespace npz_test
}  // namespace cornu::inline v0::formats
