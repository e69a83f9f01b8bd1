#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/picture.h"
#include "cornu/formats/picture_internal.h"

namespace cornu::inline v0::formats {
namespace {

// ITU-R BT.601's weights in 32768ths, as libpng applies them: what is left over is dropped, of the
// weights too.
uint8_t grey_of(const uint8_t* rgb) {
  constexpr int kRed = 9797, kGreen = 19'234, kBlue = 32'768 - kRed - kGreen;
  if (rgb[0] == rgb[1] && rgb[0] == rgb[2]) return rgb[0];
  return static_cast<uint8_t>((kRed * rgb[0] + kGreen * rgb[1] + kBlue * rgb[2]) >> 15);
}

}  // namespace

Tensor decode_picture(std::span<const std::byte> file, const std::string& where, int64_t channels) {
  if (channels != 1 && channels != 3 && channels != 4) {
    throw Error(
        {.where = "picture", .expected = "1, 3 or 4 channels", .found = std::to_string(channels)});
  }
  Picture picture =
      decoded(file, where, {.cuts_16 = true, .quick_dct = true, .luma = channels == 1});
  if (picture.channels() == channels) return std::move(picture.pixels);
  const auto stored = static_cast<size_t>(picture.channels());
  const bool has_colours = stored >= 3;
  Tensor result = Tensor::unset({picture.height(), picture.width(), channels}, DType::uint8);
  const auto from = picture.pixels.span<uint8_t>();
  const auto to = result.span<uint8_t>();
  const auto wanted = static_cast<size_t>(channels);
  for (size_t i = 0; i < from.size() / stored; ++i) {
    const uint8_t* const pixel = &from[i * stored];
    uint8_t* const made = &to[i * wanted];
    if (wanted == 1) {
      made[0] = has_colours ? grey_of(pixel) : pixel[0];
      continue;
    }
    for (size_t channel = 0; channel < 3; ++channel)
      made[channel] = pixel[has_colours ? channel : 0];
    if (wanted == 4) made[3] = stored % 2 == 0 ? pixel[stored - 1] : 255;
  }
  return result;
}

}  // namespace cornu::inline v0::formats
