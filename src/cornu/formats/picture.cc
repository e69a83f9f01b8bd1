#include "cornu/formats/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/exif.h"
#include "cornu/formats/file_kind.h"
#include "cornu/formats/picture_internal.h"

namespace cornu::inline v0::formats {
namespace {

std::string turned_text(int orientation) {
  constexpr std::array<const char*, 9> kTurns = {"",
                                                 "",
                                                 "mirrored",
                                                 "turned by 180°",
                                                 "flipped",
                                                 "mirrored and turned by 90° to the left",
                                                 "turned by 90° to the right",
                                                 "mirrored and turned by 90° to the right",
                                                 "turned by 90° to the left"};
  return std::string(kTurns[static_cast<size_t>(orientation)]) + ", as its EXIF data say";
}

bool has_ending(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view each) { return name.ends_with(each); });
}

uint8_t grey(double red, double green, double blue) {
  return static_cast<uint8_t>(std::lround(0.299 * red + 0.587 * green + 0.114 * blue));
}

// Else it is JPEG. Error for another format.
bool is_png(std::span<const std::byte> file, const std::string& where) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const bool is_png = text.starts_with(kPngBegin);
  if (!is_png && !text.starts_with(kJpegBegin)) {
    const FileKind kind = foreign_kind(file);
    const std::string unknown = file.empty() ? "an empty file" : "another file";
    throw Error({.kind = ErrorKind::unsupported,
                 .where = where,
                 .expected = "a picture in PNG or JPEG",
                 .found = kind.name.empty() ? unknown : kind.name,
                 .hint = kind.name.empty()
                             ? "ImageMagick converts most pictures: convert IN OUT.png"
                             : kind.hint});
  }
  return is_png;
}

}  // namespace

void check_size(uint64_t width, uint64_t height, const std::string& where) {
  const bool fits = width <= kLongestSide && height <= kLongestSide &&
                    width * height <= static_cast<uint64_t>(kMostPixels);
  if (width > 0 && height > 0 && fits) return;
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .expected = "a picture of 1 to " + std::to_string(kMostPixels) + " pixels",
               .found = std::to_string(width) + " × " + std::to_string(height),
               .hint = "a picture that is too large is made smaller first"});
}

void refuse_damaged(const std::string& where, const std::string& reason) {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = "the picture is damaged: " + reason,
               .hint = "copy or fetch it again"});
}

PictureSize picture_size(std::span<const std::byte> file, const std::string& where) {
  StoredSize stored = is_png(file, where) ? png_size(file, where) : jpeg_size(file, where);
  if (stored.orientation >= 5) std::swap(stored.size.height, stored.size.width);
  return stored.size;
}

Picture decoded(std::span<const std::byte> file, const std::string& where,
                const Decoding& decoding) {
  const bool has_png = is_png(file, where);
  StoredPicture stored =
      has_png ? read_png(file, where, decoding) : read_jpeg(file, where, decoding);
  if (has_png ? has_ending(where, {".jpg", ".jpeg"}) : has_ending(where, {".png"})) {
    stored.picture.changes.insert(stored.picture.changes.begin(),
                                  has_png ? "read as PNG, which it is by its content"
                                          : "read as JPEG, which it is by its content");
  }
  if (stored.orientation > 1) {
    stored.picture.pixels = upright(std::move(stored.picture.pixels), stored.orientation);
    stored.picture.changes.push_back(turned_text(stored.orientation));
  }
  return std::move(stored.picture);
}

Picture read_picture_file(std::span<const std::byte> file, const std::string& where) {
  return decoded(file, where, {});
}

Tensor on_background(Picture picture, int64_t channels, uint8_t background) {
  if (channels != 1 && channels != 3) {
    throw Error(
        {.where = "picture", .expected = "1 or 3 channels", .found = std::to_string(channels)});
  }
  const auto stored = static_cast<size_t>(picture.channels());
  const bool has_opacity = stored % 2 == 0;
  if (!has_opacity && picture.channels() == channels) return std::move(picture.pixels);
  const bool has_colours = stored >= 3;
  Tensor shown({picture.height(), picture.width(), channels}, DType::uint8);
  const auto from = picture.pixels.span<uint8_t>();
  const auto to = shown.span<uint8_t>();
  for (size_t i = 0; i < from.size() / stored; ++i) {
    const uint8_t* const pixel = &from[i * stored];
    const int opacity = has_opacity ? pixel[stored - 1] : 255;
    std::array<uint8_t, 3> rgb{};
    for (size_t channel = 0; channel < 3; ++channel) {
      const int value = pixel[has_colours ? channel : 0];
      rgb[channel] =
          static_cast<uint8_t>((value * opacity + background * (255 - opacity) + 127) / 255);
    }
    if (channels == 1) {
      to[i] = has_colours ? grey(rgb[0], rgb[1], rgb[2]) : rgb[0];
    } else {
      std::copy(rgb.begin(), rgb.end(), &to[3 * i]);
    }
  }
  return shown;
}

uint8_t contrasting_background(const Picture& picture) {
  constexpr uint8_t kBlack = 0, kWhite = 255;
  const auto channels = static_cast<size_t>(picture.channels());
  if (channels % 2 == 1) return kWhite;
  const auto pixels = picture.pixels.span<uint8_t>();
  double opacity = 0, light = 0;
  for (size_t i = 0; i < pixels.size(); i += channels) {
    const double alpha = pixels[i + channels - 1];
    opacity += alpha * static_cast<double>(channels - 1);
    for (size_t channel = 0; channel + 1 < channels; ++channel) {
      light += alpha * pixels[i + channel];
    }
  }
  return light >= 128 * std::max(1.0, opacity) ? kBlack : kWhite;
}

}  // namespace cornu::inline v0::formats
