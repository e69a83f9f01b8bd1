#include "cornu/formats/exif.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace cornu::inline v0::formats {
namespace {

constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kShortType = 3;

// Numbers of TIFF, in the byte order that its header names. Past the end they are 0.
class TiffNumbers {
 public:
  explicit TiffNumbers(std::span<const std::byte> bytes)
      : bytes_(bytes), is_little_(begins_with("II")) {}

  bool is_tiff() const {
    return (begins_with("II") || begins_with("MM")) && at(2, 2) == 42 && bytes_.size() >= 8;
  }
  uint64_t at(uint64_t offset, uint64_t nbytes) const {
    if (offset > bytes_.size() || nbytes > bytes_.size() - offset) return 0;
    uint64_t value = 0;
    for (uint64_t i = 0; i < nbytes; ++i) {
      const uint64_t from = is_little_ ? offset + nbytes - 1 - i : offset + i;
      value = value << 8 | std::to_integer<uint64_t>(bytes_[from]);
    }
    return value;
  }

 private:
  bool begins_with(std::string_view text) const {
    return std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size())
        .starts_with(text);
  }

  std::span<const std::byte> bytes_;
  bool is_little_;
};

}  // namespace

int exif_orientation(std::span<const std::byte> tiff) {
  const TiffNumbers numbers(tiff);
  if (!numbers.is_tiff()) return 1;
  const uint64_t directory = numbers.at(4, 4);
  const uint64_t entries = numbers.at(directory, 2);
  for (uint64_t i = 0; i < entries; ++i) {
    constexpr uint64_t kEntry = 12;
    const uint64_t entry = directory + 2 + kEntry * i;
    if (numbers.at(entry, 2) != kOrientationTag || numbers.at(entry + 2, 2) != kShortType) continue;
    const uint64_t orientation = numbers.at(entry + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

Tensor upright(Tensor pixels, int orientation) {
  if (orientation <= 1) return pixels;
  const int64_t height = pixels.shape()[0];
  const int64_t width = pixels.shape()[1];
  const int64_t channels = pixels.shape()[2];
  const bool swaps = orientation >= 5;
  Tensor turned(swaps ? Shape{width, height, channels} : Shape{height, width, channels},
                DType::uint8);
  // Where in the stored picture the upright pixel (y, x) lies.
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const uint8_t* const from = std::as_const(pixels).span<uint8_t>().data();
  uint8_t* to = turned.span<uint8_t>().data();
  for (int64_t y = 0; y < turned.shape()[0]; ++y) {
    for (int64_t x = 0; x < turned.shape()[1]; ++x) {
      int64_t row = swaps ? x : y;
      int64_t column = swaps ? y : x;
      if (from_bottom) row = height - 1 - row;
      if (from_right) column = width - 1 - column;
      to = std::copy_n(from + (row * width + column) * channels, channels, to);
    }
  }
  return turned;
}

}  // namespace cornu::inline v0::formats
