#include "cornu/images/place.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0::images {
namespace {

// Pixels of one side, of the stored picture or of the new one.
struct Part {
  int64_t begin = 0, size = 0;
};

// What part of the stored side becomes what part of the new one.
struct SideMap {
  Part from, to;
};
struct PictureMap {
  SideMap rows, columns;
};

// TensorFlow computes all of these in float32.
int64_t floor_of(float value) {
  return static_cast<int64_t>(std::floor(value));
}

Part middle_of(int64_t all, int64_t other, int64_t target, int64_t other_target) {
  const float wanted = static_cast<float>(other * target) / static_cast<float>(other_target);
  const int64_t size = std::clamp<int64_t>(static_cast<int64_t>(wanted), 1, all);
  return {.begin = (all - size) / 2, .size = size};
}

Part padded_part(int64_t all, int64_t target, float ratio) {
  const float size = static_cast<float>(all) / ratio;
  return {.begin = std::max<int64_t>(0, floor_of((static_cast<float>(target) - size) / 2)),
          .size = std::max<int64_t>(1, floor_of(size))};
}

PictureMap map_of(int64_t height, int64_t width, const Place& place) {
  PictureMap map{.rows = {.from = {.size = height}, .to = {.size = place.height}},
                 .columns = {.from = {.size = width}, .to = {.size = place.width}}};
  if (place.filling == Filling::cropped) {
    map.rows.from = middle_of(height, width, place.height, place.width);
    map.columns.from = middle_of(width, height, place.width, place.height);
  } else if (place.filling == Filling::padded) {
    const float ratio = std::max(static_cast<float>(width) / static_cast<float>(place.width),
                                 static_cast<float>(height) / static_cast<float>(place.height));
    map.rows.to = padded_part(height, place.height, ratio);
    map.columns.to = padded_part(width, place.width, ratio);
  }
  return map;
}

// A new pixel lies between two stored ones.
struct Between {
  int64_t lower = 0, upper = 0;
  float weight = 0;  ///< of the upper one
};

std::vector<Between> places_of(const SideMap& side, Interpolation interpolation) {
  std::vector<Between> all(static_cast<size_t>(side.to.size));
  const float step = static_cast<float>(side.from.size) / static_cast<float>(side.to.size);
  const int64_t last = side.from.size - 1;
  for (size_t i = 0; i < all.size(); ++i) {
    const float centre = (static_cast<float>(i) + 0.5F) * step;
    Between& each = all[i];
    if (interpolation == Interpolation::nearest) {
      each.lower = each.upper = std::min(floor_of(centre), last);
    } else {
      const float at = centre - 0.5F;
      const float whole = std::floor(at);
      each.lower = std::max<int64_t>(0, static_cast<int64_t>(whole));
      each.upper = std::min(static_cast<int64_t>(std::ceil(at)), last);
      each.weight = at - whole;
    }
    each.lower += side.from.begin;
    each.upper += side.from.begin;
  }
  return all;
}

float between(float lower, float upper, float weight) {
  return lower + (upper - lower) * weight;
}

void resample(TensorView picture, const PictureMap& map, Interpolation interpolation,
              int64_t row_size, float* to) {
  const auto channels = static_cast<size_t>(picture.shape()[2]);
  const auto stored = picture.span<uint8_t>();
  const auto stored_row = static_cast<size_t>(picture.shape()[1]) * channels;
  const std::vector<Between> down = places_of(map.rows, interpolation);
  const std::vector<Between> across = places_of(map.columns, interpolation);
  to += map.rows.to.begin * row_size + map.columns.to.begin * static_cast<int64_t>(channels);
  for (const Between& y : down) {
    const uint8_t* const above = &stored[static_cast<size_t>(y.lower) * stored_row];
    const uint8_t* const below = &stored[static_cast<size_t>(y.upper) * stored_row];
    float* pixel = to;
    for (const Between& x : across) {
      const size_t left = static_cast<size_t>(x.lower) * channels;
      const size_t right = static_cast<size_t>(x.upper) * channels;
      for (size_t channel = 0; channel < channels; ++channel) {
        const float top = between(above[left + channel], above[right + channel], x.weight);
        const float bottom = between(below[left + channel], below[right + channel], x.weight);
        *pixel++ = between(top, bottom, y.weight);
      }
    }
    to += row_size;
  }
}

}  // namespace

void put(TensorView picture, const Place& place, std::span<float> to) {
  const Shape& shape = picture.shape();
  const bool has_size = place.height > 0 && place.width > 0 && shape.size() > 0;
  if (!has_size || static_cast<int64_t>(to.size()) != place.height * place.width * shape[2]) {
    throw Error({.where = "put",
                 .expected = "a picture, a size of 1 × 1 pixel or more, and room for as many",
                 .found = shape.str() + " to " + std::to_string(place.height) + " × " +
                          std::to_string(place.width)});
  }
  if (shape[0] == place.height && shape[1] == place.width) {
    std::ranges::copy(picture.span<uint8_t>(), to.begin());
    return;
  }
  if (place.filling == Filling::padded) std::ranges::fill(to, 0.0F);
  resample(picture, map_of(shape[0], shape[1], place), place.interpolation, place.width * shape[2],
           to.data());
}

}  // namespace cornu::inline v0::images
