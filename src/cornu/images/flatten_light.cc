#include "cornu/images/flatten_light.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace cornu::inline v0::images {
namespace {

// 1, x, y, x², xy, y² of a place, x and y from -1 to 1.
constexpr size_t kTerms = 6;
using Terms = std::array<double, kTerms>;

struct Grid {
  int64_t height, width;
  int64_t step;  ///< a few thousand of its places are enough for a fit

  Terms terms(int64_t y, int64_t x) const {
    const double a = 2 * (static_cast<double>(x) + 0.5) / static_cast<double>(width) - 1;
    const double b = 2 * (static_cast<double>(y) + 0.5) / static_cast<double>(height) - 1;
    return {1, a, b, a * a, a * b, b * b};
  }
};

double value_at(const Terms& surface, const Terms& place) {
  double sum = 0;
  for (size_t i = 0; i < kTerms; ++i) sum += surface[i] * place[i];
  return sum;
}

// Solves a · x = b by Gaussian elimination with pivots; a is symmetric. Terms that a few places do
// not determine become 0.
Terms solved(std::array<Terms, kTerms> a, Terms b) {
  for (size_t i = 0; i < kTerms; ++i) {
    size_t pivot = i;
    for (size_t row = i + 1; row < kTerms; ++row) {
      if (std::abs(a[row][i]) > std::abs(a[pivot][i])) pivot = row;
    }
    std::swap(a[i], a[pivot]);
    std::swap(b[i], b[pivot]);
    if (std::abs(a[i][i]) < 1e-9) continue;
    for (size_t row = i + 1; row < kTerms; ++row) {
      const double factor = a[row][i] / a[i][i];
      for (size_t j = i; j < kTerms; ++j) a[row][j] -= factor * a[i][j];
      b[row] -= factor * b[i];
    }
  }
  Terms x{};
  for (size_t i = kTerms; i-- > 0;) {
    double rest = b[i];
    for (size_t j = i + 1; j < kTerms; ++j) rest -= a[i][j] * x[j];
    x[i] = std::abs(a[i][i]) < 1e-9 ? 0 : rest / a[i][i];
  }
  return x;
}

// The surface of least squares over the places whose values are within `far` of `before`.
Terms fitted(const std::vector<uint8_t>& pixels, const Grid& grid, const Terms& before,
             double far) {
  std::array<Terms, kTerms> a{};
  Terms b{};
  for (int64_t y = 0; y < grid.height; y += grid.step) {
    for (int64_t x = 0; x < grid.width; x += grid.step) {
      const double value = pixels[static_cast<size_t>(y * grid.width + x)];
      const Terms place = grid.terms(y, x);
      if (std::abs(value - value_at(before, place)) > far) continue;
      for (size_t i = 0; i < kTerms; ++i) {
        for (size_t j = 0; j < kTerms; ++j) a[i][j] += place[i] * place[j];
        b[i] += place[i] * value;
      }
    }
  }
  return solved(a, b);
}

}  // namespace

void flatten_light(std::vector<uint8_t>& pixels, int64_t height, int64_t width) {
  constexpr int64_t kPlaces = 10'000;
  Grid grid{.height = height, .width = width, .step = 1};
  while (height * width / (grid.step * grid.step) > kPlaces) ++grid.step;
  Terms surface = fitted(pixels, grid, {}, 256);
  for (const double far : {80.0, 50.0, 30.0, 20.0}) surface = fitted(pixels, grid, surface, far);
  double least = 256, most = -1;
  for (int64_t y = 0; y < height; y += grid.step) {
    for (int64_t x = 0; x < width; x += grid.step) {
      const double value = value_at(surface, grid.terms(y, x));
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  constexpr double kEven = 12;  // levels that no eye sees
  if (most - least < kEven) return;
  const double middle = (least + most) / 2;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      uint8_t& pixel = pixels[static_cast<size_t>(y * width + x)];
      const double even = pixel - value_at(surface, grid.terms(y, x)) + middle;
      pixel = static_cast<uint8_t>(std::clamp(std::floor(even + 0.5), 0.0, 255.0));
    }
  }
}

}  // namespace cornu::inline v0::images
