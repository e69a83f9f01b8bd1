#include "cornu/initializers/orthogonal.h"

#include <algorithm>
#include <cmath>

#include "cornu/initializers/draws.h"
#include "cornu/initializers/initializer_with.h"

namespace cornu::inline v0 {
namespace {

/// A matrix, column by column.
class Columns {
 public:
  Columns(int64_t rows, int64_t cols)
      : rows_(rows), cols_(cols), numbers_(static_cast<size_t>(rows * cols)) {}
  int64_t rows() const { return rows_; }
  int64_t cols() const { return cols_; }
  double& at(int64_t row, int64_t col) { return numbers_[static_cast<size_t>(col * rows_ + row)]; }

 private:
  int64_t rows_, cols_;
  std::vector<double> numbers_;
};

double dot(Columns& a, int64_t i, Columns& b, int64_t j, int64_t begin) {
  double sum = 0;
  for (int64_t row = begin; row < a.rows(); ++row) sum += a.at(row, i) * b.at(row, j);
  return sum;
}

// b_j −= 2·v·(vᵀ·b_j), v the unit vector in column i of a from row `begin` on.
void reflect(Columns& a, int64_t i, Columns& b, int64_t j, int64_t begin) {
  const double twice = 2 * dot(a, i, b, j, begin);
  for (int64_t row = begin; row < a.rows(); ++row) b.at(row, j) -= twice * a.at(row, i);
}

/// Q of a's QR decomposition with R's diagonal made positive, of a's shape; rows ≥ cols.
Columns orthonormal(Columns a) {
  const int64_t cols = a.cols();
  std::vector<double> diagonal(static_cast<size_t>(cols));
  for (int64_t k = 0; k < cols; ++k) {
    // The reflection that takes column k below the diagonal to a multiple of a unit vector.
    const double size = std::sqrt(dot(a, k, a, k, k));
    const double onto = a.at(k, k) > 0 ? -size : size;
    diagonal[static_cast<size_t>(k)] = onto;
    a.at(k, k) -= onto;
    const double length = std::sqrt(dot(a, k, a, k, k));
    for (int64_t row = k; row < a.rows() && length > 0; ++row) a.at(row, k) /= length;
    for (int64_t j = k + 1; j < cols; ++j) reflect(a, k, a, j, k);
  }
  Columns q(a.rows(), cols);
  for (int64_t j = 0; j < cols; ++j) {
    q.at(j, j) = diagonal[static_cast<size_t>(j)] < 0 ? -1 : 1;
    for (int64_t k = cols - 1; k >= 0; --k) reflect(a, k, q, j, k);
  }
  return q;
}

class Orthonormal final : public InitializerWith<Orthogonal> {
 public:
  explicit Orthonormal(OrthogonalOptions given) : InitializerWith(given) {
    if (std::isfinite(options.gain)) return;
    throw Error(
        {.where = "Orthogonal", .expected = "a finite gain", .found = shortest(options.gain)});
  }

  void fill(std::span<float> values, const Shape& shape, uint64_t key) const override {
    if (shape.ndim() < 2) {
      throw Error({.where = "Orthogonal",
                   .expected = "a weight of two axes or more",
                   .found = shape.str()});
    }
    const int64_t width = shape.back();
    const int64_t lines = shape.size() / width;
    const bool is_wide = width > lines;
    Columns drawn(std::max(lines, width), std::min(lines, width));
    uint64_t index = 0;
    for (int64_t i = 0; i < drawn.rows(); ++i) {
      for (int64_t j = 0; j < drawn.cols(); ++j) drawn.at(i, j) = normal_draw(key, index++);
    }
    Columns q = orthonormal(std::move(drawn));
    for (int64_t i = 0; i < lines; ++i) {
      for (int64_t j = 0; j < width; ++j) {
        const double number = is_wide ? q.at(j, i) : q.at(i, j);
        values[static_cast<size_t>(i * width + j)] = static_cast<float>(options.gain * number);
      }
    }
  }
};

class Diagonal final : public InitializerWith<Identity> {
 public:
  using InitializerWith::InitializerWith;
  void fill(std::span<float> values, const Shape& shape, uint64_t) const override {
    if (shape.ndim() != 2) {
      throw Error({.where = "Identity", .expected = "a weight of two axes", .found = shape.str()});
    }
    std::ranges::fill(values, 0.0F);
    for (int64_t i = 0; i < std::min(shape[0], shape[1]); ++i) {
      values[static_cast<size_t>(i * shape[1] + i)] = static_cast<float>(options.gain);
    }
  }
};

}  // namespace

Orthogonal::Orthogonal(OrthogonalOptions options)
    : Initializer(std::make_shared<Orthonormal>(options)) {}
Identity::Identity(IdentityOptions options) : Initializer(std::make_shared<Diagonal>(options)) {}

}  // namespace cornu::inline v0
