#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "cornu/core/dtype.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

/// A matrix of another library that lies in memory, such as Eigen's Matrix, Map and Ref: recognized
/// by its members, so that no header of that library is needed.
template <class M>
concept Matrix = requires(const M& m) {
  { m.rows() } -> std::convertible_to<int64_t>;
  { m.cols() } -> std::convertible_to<int64_t>;
  { static_cast<bool>(M::IsRowMajor) } -> std::same_as<bool>;
  m.data();
};

/// Where the elements of a matrix lie: the element (i, j) is i · row_stride + j · col_stride
/// elements after the first one.
struct MatrixLayout {
  const void* data = nullptr;
  DType dtype = DType::float32;
  Shape shape;
  int64_t row_stride = 0, col_stride = 0;

  /// Row by row without gaps, as a TensorView requires.
  bool is_contiguous() const {
    const int64_t cols = shape.ndim() == 1 ? 1 : shape[1];
    return (row_stride == cols || shape[0] <= 1) && (col_stride == 1 || cols <= 1);
  }
};

/// A matrix whose type has one column is a vector of shape (n,); others have shape (rows, cols).
template <Matrix M>
MatrixLayout layout_of(const M& m) {
  const auto rows = static_cast<int64_t>(m.rows());
  const auto cols = static_cast<int64_t>(m.cols());
  int64_t inner = 1;
  int64_t outer = M::IsRowMajor ? cols : rows;
  if constexpr (requires { m.innerStride(); }) inner = static_cast<int64_t>(m.innerStride());
  if constexpr (requires { m.outerStride(); }) outer = static_cast<int64_t>(m.outerStride());
  MatrixLayout layout{.data = m.data(),
                      .dtype = dtype_of<std::remove_cvref_t<decltype(*m.data())>>(),
                      .shape = {rows, cols},
                      .row_stride = M::IsRowMajor ? outer : inner,
                      .col_stride = M::IsRowMajor ? inner : outer};
  if constexpr (requires { M::ColsAtCompileTime; }) {
    if (M::ColsAtCompileTime == 1) layout.shape = {rows};
  }
  return layout;
}

}  // namespace cornu::inline v0
