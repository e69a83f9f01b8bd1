#include "cornu/callbacks/weight_images.h"

#include <algorithm>
#include <utility>

#include "cornu/formats/png.h"

namespace cornu::inline v0 {
namespace {

// TensorBoard's default limit of pictures per step.
constexpr int64_t kMostImages = 3;

// As TensorFlow converts floats: 256 steps of one width, the last open to 1.
uint8_t gray_of(float value) {
  if (!(value > 0)) return 0;  // NaN too
  return static_cast<uint8_t>(std::min(value * 255.5F, 255.0F));
}

/// How the pixels of pictures lie in a weight: at picture·between + y·down + x·across.
struct PixelLayout {
  int64_t count = 1, height = 0, width = 0;
  int64_t between = 0, down = 0, across = 0;
};

PixelLayout pixels_in(const std::vector<int64_t>& axes) {
  if (axes.size() == 1) return {.height = axes[0], .width = 1, .down = 1};
  if (axes.size() == 2) {
    const int64_t rows = axes[0], columns = axes[1];
    if (rows > columns) return {.height = columns, .width = rows, .down = 1, .across = columns};
    return {.height = rows, .width = columns, .down = columns, .across = 1};
  }
  if (axes.size() == 3) {
    return {.count = std::min(axes[2], kMostImages),
            .height = axes[0],
            .width = axes[1],
            .between = 1,
            .down = axes[1] * axes[2],
            .across = axes[2]};
  }
  return {};
}

}  // namespace

WeightImages weight_images(TensorView weight) {
  std::vector<int64_t> axes;
  for (const int64_t extent : weight.shape().extents()) {
    if (extent != 1) axes.push_back(extent);
  }
  const PixelLayout layout = pixels_in(axes);
  const int64_t longer = std::max(layout.width, layout.height);
  if (std::min(layout.width, layout.height) < 1 || longer > formats::kLargestPng) return {};
  const auto values = weight.span<float>();
  WeightImages images{.width = layout.width, .height = layout.height, .pngs = {}};
  std::vector<uint8_t> pixels;
  for (int64_t i = 0; i < layout.count; ++i) {
    pixels.clear();
    for (int64_t y = 0; y < layout.height; ++y) {
      for (int64_t x = 0; x < layout.width; ++x) {
        const int64_t at = i * layout.between + y * layout.down + x * layout.across;
        pixels.push_back(gray_of(values[static_cast<size_t>(at)]));
      }
    }
    images.pngs.push_back(formats::write_gray_png(layout.width, layout.height, pixels));
  }
  return images;
}

}  // namespace cornu::inline v0
