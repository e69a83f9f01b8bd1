#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cornu::inline v0::kernels {

/// An axis of y: the elements from `begin` up to `end` are those of x, from its first on and
/// `stride` numbers apart; the others are 0.
struct RearrangedAxis {
  int64_t extent = 1;
  int64_t begin = 0, end = 1;
  int64_t stride = 0;
};

/// y = x with its axes in another order, cut or with zeros around, for `rows` rows. Adds to y if
/// `accumulate`, else overwrites it. The same plain loops on every target: nothing is computed.
template <class T>
struct RearrangeArgsOf {
  static constexpr int kAxes = 7;
  const T* x;  ///< the element that comes first
  T* y;
  int64_t rows, x_row, y_row;
  std::array<RearrangedAxis, static_cast<size_t>(kAxes)> axes;  ///< of y, the last ones in use
  bool accumulate;
};
template <class T>
void rearrange(const RearrangeArgsOf<T>& a);

}  // namespace cornu::inline v0::kernels
