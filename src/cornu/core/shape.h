#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The extent of the batch axis in a shape for any number of rows; printed as None.
inline constexpr int64_t kRows = -1;
inline constexpr int kMaxNdim = 8;

/// The extents of a tensor, outermost axis first; up to eight axes, stored inline. A plain value:
/// several threads may read one at once.
class CORNU_API Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> extents)
      : Shape(std::span(extents.begin(), extents.size())) {}
  /// Error when there are more than eight axes or an extent is negative (kRows may stand first).
  explicit Shape(std::span<const int64_t> extents);

  int ndim() const { return ndim_; }
  /// The extent of an axis. Error unless 0 <= axis < ndim().
  int64_t operator[](int axis) const {
    if (axis < 0 || axis >= ndim_) throw_no_axis(axis);
    return extents_[static_cast<size_t>(axis)];
  }
  /// The extent of the last axis. Error when there is none.
  int64_t back() const { return (*this)[ndim_ - 1]; }
  std::span<const int64_t> extents() const { return {extents_.data(), static_cast<size_t>(ndim_)}; }
  bool has_rows() const { return ndim_ > 0 && extents_[0] == kRows; }

  /// Number of elements, kRows counted as `rows`. Error when it does not fit in 63 bits.
  int64_t size(int64_t rows = 1) const;
  /// This shape with the batch axis in front.
  Shape with_rows() const;
  /// This shape with kRows replaced by `rows`. Error when that is negative.
  Shape with_rows(int64_t rows) const;
  /// The shape of one sample: without the first axis. Error when there is none.
  Shape without_rows() const;

  /// As Keras prints it: (None, 64), (28, 28), (10,), ().
  std::string str() const;

  friend bool operator==(const Shape& a, const Shape& b) {
    return a.ndim_ == b.ndim_ && a.extents_ == b.extents_;
  }

 private:
  [[noreturn]] void throw_no_axis(int axis) const;

  std::array<int64_t, kMaxNdim> extents_{};
  int ndim_ = 0;
};

/// Writes shape.str().
CORNU_API std::ostream& operator<<(std::ostream& out, const Shape& shape);

}  // namespace cornu::inline v0
