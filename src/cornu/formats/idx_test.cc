#include "cornu/formats/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace idx_test {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (int value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}

const std::vector<std::byte> kImages =
    bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30, 40, 50, 255});

std::string refused(const std::vector<std::byte>& file) {
  return error_of([&] { read_idx(file, "train.idx"); });
}

TEST(Idx, ReadsImagesByteForByte) {
  const Tensor tensor = read_idx(kImages, "train.idx");
  EXPECT_EQ(tensor.shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(tensor.dtype(), DType::uint8);
  const std::vector<uint8_t> expected = {10, 20, 30, 40, 50, 255};
  EXPECT_TRUE(std::ranges::equal(tensor.span<uint8_t>(), expected));
}

Block block_of(std::span<const std::byte> file) {
  Block block(file.size(), kIdxLead);
  std::copy(file.begin(), file.end(), block.data());
  return block;
}

TEST(Idx, TakesABlockOfImagesOverWithoutACopy) {
  Block block = block_of(kImages);
  const std::byte* images = block.data() + 16;
  const Tensor tensor = read_idx(std::move(block), "train.idx");
  EXPECT_EQ(tensor.data(), images);
  EXPECT_EQ(write_idx(tensor), kImages);
}

TEST(Idx, ReadsABlockAsItReadsBytes) {
  for (const auto& file :
       {bytes({0, 0, 8, 1, 0, 0, 0, 2, 9, 0}), bytes({0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7}),
        bytes({0, 0, 8, 1, 0, 0, 0, 0})}) {
    const Tensor tensor = read_idx(block_of(file), "block");
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data()) % Block::kAlignment, 0U);
    EXPECT_EQ(write_idx(tensor), file);
  }
  EXPECT_EQ(each_beginning(kImages, [](const auto& cut) { read_idx(block_of(cut), "cut"); }),
            kImages.size());
}

TEST(Idx, WritesTheSameBytes) {
  EXPECT_EQ(write_idx(read_idx(kImages, "train.idx")), kImages);
  const std::vector<std::byte> labels = bytes({0, 0, 8, 1, 0, 0, 0, 2, 9, 0});
  EXPECT_EQ(write_idx(read_idx(labels, "labels")), labels);
}

TEST(Idx, TakesOneToEightAxesAndNoSamples) {
  for (int ndim = 1; ndim <= 8; ++ndim) {
    std::vector<int64_t> extents(static_cast<size_t>(ndim), 2);
    Tensor tensor(Shape(extents), DType::uint8);
    std::iota(tensor.span<uint8_t>().begin(), tensor.span<uint8_t>().end(), uint8_t{0});
    const Tensor again = read_idx(write_idx(tensor), "again");
    EXPECT_EQ(again.shape(), tensor.shape());
    EXPECT_TRUE(std::ranges::equal(again.span<uint8_t>(), tensor.span<uint8_t>()));
  }
  const Tensor none(Shape{0, 28, 28}, DType::uint8);
  EXPECT_EQ(read_idx(write_idx(none), "none").shape(), none.shape());
}

TEST(Idx, RefusesAnotherMagicNumber) {
  EXPECT_THAT(refused(bytes_of("label,pixel0\n5,0\n")),
              AllOf(HasSubstr("train.idx: not an IDX file"), HasSubstr("0x00000803"),
                    HasSubstr("got 0x6c616265")));
  EXPECT_THAT(refused(bytes({0, 0, 8})), AllOf(HasSubstr("not an IDX file"), HasSubstr("got 3")));
  EXPECT_THAT(refused({}), HasSubstr("not an IDX file"));
  EXPECT_THAT(refused(bytes({0, 0, 8, 0})), HasSubstr("got 0x00000800"));
  EXPECT_THAT(refused(bytes({0, 0, 8, 9})), HasSubstr("got 0x00000809"));
  EXPECT_THAT(refused(bytes({0, 0, 7, 1})), HasSubstr("got 0x00000701"));
  EXPECT_THAT(refused(bytes({1, 0, 8, 1})), HasSubstr("got 0x01000801"));
}

template <class T>
std::vector<T> values_of(const std::vector<std::byte>& file, DType dtype) {
  const Tensor tensor = read_idx(file, "values");
  EXPECT_EQ(tensor.dtype(), dtype);
  EXPECT_EQ(tensor.shape(), (Shape{2}));
  const Tensor of_block = read_idx(block_of(file), "values");
  EXPECT_TRUE(std::ranges::equal(of_block.span<T>(), tensor.span<T>()));
  EXPECT_EQ(each_beginning(file, [](const auto& cut) { read_idx(cut, "cut"); }), file.size());
  return {tensor.span<T>().begin(), tensor.span<T>().end()};
}

TEST(Idx, ReadsElementsOfEveryType) {
  EXPECT_EQ(values_of<int32_t>(bytes({0, 0, 9, 1, 0, 0, 0, 2, 128, 127}), DType::int32),
            (std::vector<int32_t>{-128, 127}));
  EXPECT_EQ(values_of<int32_t>(bytes({0, 0, 11, 1, 0, 0, 0, 2, 128, 0, 1, 2}), DType::int32),
            (std::vector<int32_t>{-32768, 258}));
  EXPECT_EQ(values_of<int32_t>(bytes({0, 0, 12, 1, 0, 0, 0, 2, 255, 255, 255, 254, 1, 2, 3, 4}),
                               DType::int32),
            (std::vector<int32_t>{-2, 16909060}));
  EXPECT_EQ(values_of<float>(bytes({0, 0, 13, 1, 0, 0, 0, 2, 63, 192, 0, 0, 192, 0, 0, 0}),
                             DType::float32),
            (std::vector<float>{1.5F, -2}));
  EXPECT_EQ(values_of<double>(bytes({0,   0, 14, 1, 0, 0, 0, 2, 63, 248, 0, 0, 0, 0, 0, 0,  //
                                     192, 0, 0,  0, 0, 0, 0, 0}),
                              DType::float64),
            (std::vector<double>{1.5, -2}));
  // The size counts bytes, not elements.
  EXPECT_THAT(refused(bytes({0, 0, 14, 1, 0, 0, 0, 2, 0, 0})),
              HasSubstr("expected 16 bytes after the header, got 2."));
  EXPECT_THAT(refused(bytes({0, 0, 10, 1, 0, 0, 0, 0})), HasSubstr("got 0x00000a01"));
}

TEST(Idx, RefusesAWrongNumberOfBytes) {
  std::vector<std::byte> file = kImages;
  file.pop_back();
  EXPECT_THAT(refused(file), HasSubstr("does not match its dimensions (2, 1, 3); expected 6 bytes "
                                       "after the header, got 5."));
  file = kImages;
  file.push_back({});
  EXPECT_THAT(refused(file), HasSubstr("expected 6 bytes after the header, got 7."));
  // 4 GiB of images, none of them there.
  EXPECT_THAT(refused(bytes({0, 0, 8, 1, 255, 255, 255, 255})),
              HasSubstr("expected 4294967295 bytes after the header, got 0."));
  EXPECT_THAT(refused(bytes({0, 0, 8, 3, 0, 0, 0, 2})),
              HasSubstr("the header is cut off; expected 16 bytes of header, got 8."));
}

TEST(Idx, RefusesDimensionsThatOverflow) {
  // (2^32 - 1)^3 overflows, and must be an Error even where another extent is 0.
  EXPECT_THAT(
      refused(bytes({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255})),
      HasSubstr("the product of the dimensions overflows; expected less than 2^63"));
  EXPECT_THAT(refused(bytes({0,   0,   8,   4,   0,   0,   0,   0,   255, 255,
                             255, 255, 255, 255, 255, 255, 255, 255, 255, 255})),
              HasSubstr("overflows"));
  // 2^16 four times is 2^64: an unchecked product would be 0.
  EXPECT_THAT(refused(bytes({0, 0, 8, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0})),
              HasSubstr("overflows"));
}

TEST(Idx, FindsEveryCut) {
  const auto read = [](const auto& file) { read_idx(file, "cut"); };
  EXPECT_EQ(each_beginning(kImages, read), kImages.size());
}

TEST(Idx, FindsEveryFlippedBitOfTheHeader) {
  const size_t errors = each_flip(kImages, [](const auto& file) {
    const Tensor tensor = read_idx(file, "flipped");
    EXPECT_EQ(write_idx(tensor), file);
  });
  EXPECT_EQ(errors, 16U * 8);  // the data has no redundancy; its checksum is gzip's
}

TEST(Idx, WritesNothingButBytes) {
  EXPECT_THAT(error_of([] { write_idx(Tensor(Shape{2})); }), HasSubstr("got float32"));
  EXPECT_THAT(error_of([] { write_idx(Tensor(Shape{}, DType::uint8)); }), HasSubstr("shape ()"));
  const Tensor wide(Shape{int64_t{1} << 32, 0}, DType::uint8);
  EXPECT_THAT(error_of([&] { write_idx(wide); }), HasSubstr("below 2^32, got 4294967296"));
}

}  // namespace idx_test
}  // namespace cornu::inline v0::formats
