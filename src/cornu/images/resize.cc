#include "cornu/images/resize.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error.h"

namespace cornu::inline v0::images {
namespace {

// The stored elements that a new one is the mean of, and their weights, which sum to 1.
struct Window {
  int64_t begin = 0;
  std::vector<double> weights = {};
};

std::vector<Window> windows_of(int64_t from, int64_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(step, 1.0);
  std::vector<Window> windows(static_cast<size_t>(to));
  for (int64_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * step;
    const auto begin = std::max<int64_t>(0, static_cast<int64_t>(std::floor(centre - reach)));
    const auto end = std::min(from, static_cast<int64_t>(std::ceil(centre + reach)));
    Window& window = windows[static_cast<size_t>(i)];
    window.begin = begin;
    double sum = 0;
    for (int64_t j = begin; j < end; ++j) {
      const double away = std::abs(static_cast<double>(j) + 0.5 - centre) / reach;
      window.weights.push_back(std::max(0.0, 1 - away));
      sum += window.weights.back();
    }
    for (double& weight : window.weights) weight /= sum;
  }
  return windows;
}

}  // namespace

Tensor resized(TensorView picture, int64_t height, int64_t width) {
  const Shape& shape = picture.shape();
  if (height < 1 || width < 1 || shape.size() == 0) {
    throw Error(
        {.where = "resized",
         .expected = "a picture and a size of 1 × 1 pixel or more",
         .found = shape.str() + " to " + std::to_string(height) + " × " + std::to_string(width)});
  }
  if (shape[0] == height && shape[1] == width) return Tensor(picture);
  const auto channels = static_cast<size_t>(shape[2]);
  const auto rows = static_cast<size_t>(shape[0]);
  const auto row_size = static_cast<size_t>(shape[1]) * channels;
  const std::vector<Window> across = windows_of(shape[1], width);
  const std::vector<Window> down = windows_of(shape[0], height);
  const auto stored = picture.span<uint8_t>();
  // Lines first, then columns; rounded once, at the end.
  const size_t new_row = across.size() * channels;
  std::vector<double> lines(rows * new_row);
  for (size_t y = 0; y < rows; ++y) {
    for (size_t x = 0; x < across.size(); ++x) {
      const Window& window = across[x];
      for (size_t channel = 0; channel < channels; ++channel) {
        double sum = 0;
        size_t at = y * row_size + static_cast<size_t>(window.begin) * channels + channel;
        for (const double weight : window.weights) {
          sum += weight * stored[at];
          at += channels;
        }
        lines[y * new_row + x * channels + channel] = sum;
      }
    }
  }
  Tensor result({height, width, shape[2]}, DType::uint8);
  const auto pixels = result.span<uint8_t>();
  std::vector<double> sums(new_row);
  for (size_t y = 0; y < down.size(); ++y) {
    std::ranges::fill(sums, 0.0);
    const double* line = &lines[static_cast<size_t>(down[y].begin) * new_row];
    for (const double weight : down[y].weights) {
      for (size_t i = 0; i < new_row; ++i) sums[i] += weight * line[i];
      line += new_row;
    }
    for (size_t i = 0; i < new_row; ++i) {
      pixels[y * new_row + i] = static_cast<uint8_t>(std::floor(sums[i] + 0.5));
    }
  }
  return result;
}

}  // namespace cornu::inline v0::images
