#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <vector>

#include "cornu/core/block.h"
#include "cornu/core/dtype.h"
#include "cornu/core/export.h"
#include "cornu/core/matrix.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

class Tensor;

template <class T>
concept Number = std::is_arithmetic_v<T>;

/// A read-only view of row-major memory that belongs to someone else and must outlive the view.
/// Several threads may read through views of the same memory at once.
class CORNU_API TensorView {
 public:
  TensorView() = default;
  /// Error when an extent is kRows.
  TensorView(const void* data, Shape shape, DType dtype)
      : data_(static_cast<const std::byte*>(data)), shape_(shape), dtype_(dtype) {
    if (shape.has_rows()) throw_rows_unknown();
  }
  /// One axis over a span of floats, bytes, …
  template <class T>
  TensorView(std::span<const T> values)  // NOLINT: converts on purpose
      : TensorView(values.data(), {static_cast<int64_t>(values.size())}, dtype_of<T>()) {}
  /// The same over a vector, which outlives the view.
  template <Number T>
  TensorView(const std::vector<T>& values)  // NOLINT: converts on purpose
      : TensorView(values.data(), {static_cast<int64_t>(values.size())}, dtype_of<T>()) {}
  /// A row-major matrix of another library, in its own memory. Error when its rows have gaps.
  template <Matrix M>
  TensorView(const M& matrix)  // NOLINT: converts on purpose
      : TensorView(layout_of(matrix)) {
    static_assert(M::IsRowMajor || M::ColsAtCompileTime == 1,
                  "this matrix is column-major, and a TensorView sees rows: Tensor(matrix) is a "
                  "copy in rows");
  }

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  int64_t size() const { return shape_.size(); }
  size_t nbytes() const { return static_cast<size_t>(size()) * itemsize(dtype_); }
  const std::byte* data() const { return data_; }
  /// The elements in row-major order. Error when T is not the type of the elements.
  template <class T>
  std::span<const T> span() const {
    if (dtype_ != dtype_of<T>()) throw_dtype(dtype_of<T>());
    return {reinterpret_cast<const T*>(data_), static_cast<size_t>(size())};
  }
  /// Element `index` in row-major order, whatever the dtype. Error unless 0 <= index < size().
  double at(int64_t index) const;
  /// The element at these indices, one for each axis: view(0, 1). Error when one is out of range.
  template <std::integral... Index>
  double operator()(Index... index) const {
    return at(offset_of({static_cast<int64_t>(index)...}));
  }

  /// Rows [begin, end) along the first axis. Error when they are out of range.
  TensorView rows(int64_t begin, int64_t end) const;
  /// One sample: row `index` without its first axis.
  TensorView row(int64_t index) const;
  /// The same elements under another shape. Error when the sizes differ.
  TensorView reshape(Shape shape) const;
  /// A copy of a matrix (n, m) as (m, n). To read a column-major matrix (n, m), transpose a view
  /// (m, n) of its memory. Error when there are not two axes.
  Tensor transposed() const;

 private:
  friend class Tensor;
  explicit TensorView(const MatrixLayout& layout);
  int64_t offset_of(std::initializer_list<int64_t> index) const;
  [[noreturn]] void throw_dtype(DType asked) const;
  [[noreturn]] void throw_rows_unknown() const;

  const std::byte* data_ = nullptr;
  Shape shape_{0};
  DType dtype_ = DType::float32;
};

/// An element of a Tensor that can be assigned: t(0, 1) = 2. It is read as a double.
class CORNU_API TensorElement {
 public:
  operator double() const;  // NOLINT: stands for the element
  /// Error when the elements are integers and their type cannot hold `value`.
  TensorElement& operator=(double value);
  TensorElement& operator=(const TensorElement& other) { return *this = double(other); }
  TensorElement& operator+=(double value) { return *this = *this + value; }
  TensorElement& operator-=(double value) { return *this = *this - value; }
  TensorElement& operator*=(double value) { return *this = *this * value; }
  TensorElement& operator/=(double value) { return *this = *this / value; }

 private:
  friend class Tensor;
  TensorElement(std::byte* data, DType dtype) : data_(data), dtype_(dtype) {}
  TensorElement(const TensorElement&) = default;

  std::byte* data_;
  DType dtype_;
};

/// An n-dimensional array that owns its elements: row-major, contiguous, aligned to 64 bytes. A
/// moved-from tensor is empty, of shape (0,). Several threads may read a tensor at once, but not
/// while another one writes to it.
class CORNU_API Tensor {
 public:
  Tensor() : Tensor(Shape{0}) {}
  /// Zeros. Error when an extent is kRows or the bytes do not fit in 63 bits.
  explicit Tensor(Shape shape, DType dtype = DType::float32);
  /// Elements that are still to be written, in huge pages where they are many. Errors as above.
  static Tensor unset(Shape shape, DType dtype = DType::float32);
  /// A copy of the elements of `view`.
  explicit Tensor(TensorView view);
  /// A copy of a vector, (n,).
  template <Number T>
  Tensor(const std::vector<T>& values)  // NOLINT: converts on purpose
      : Tensor(TensorView(values)) {}
  /// A copy of rows that are equally long, (n, m). Error when one differs from the first.
  template <Number T>
  Tensor(const std::vector<std::vector<T>>& rows);  // NOLINT: converts on purpose
  /// A copy of a matrix of another library, row-major or column-major: (rows, cols) either way.
  template <Matrix M>
  Tensor(const M& matrix)  // NOLINT: converts on purpose
      : Tensor(layout_of(matrix)) {}
  /// Takes over the elements of a block, without a copy if they begin at a multiple of 64. Error
  /// when the block has another size than the shape.
  Tensor(Block block, Shape shape, DType dtype);
  Tensor(const Tensor& other) : Tensor(other.view()) {}
  Tensor(Tensor&& other) noexcept;
  Tensor& operator=(const Tensor& other);
  Tensor& operator=(Tensor&& other) noexcept;
  ~Tensor() = default;

  /// Elements from a span: Tensor::of<float>({2, 2}, values).
  template <class T>
  static Tensor of(Shape shape, std::span<const T> values) {
    return Tensor(TensorView(values.data(), {static_cast<int64_t>(values.size())}, dtype_of<T>())
                      .reshape(shape));
  }
  /// The same from a list: Tensor::of<float>({2, 2}, {1, 2, 3, 4}).
  template <class T>
  static Tensor of(Shape shape, std::initializer_list<T> values) {
    return of<T>(shape, std::span<const T>(values.begin(), values.size()));
  }

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  int64_t size() const { return shape_.size(); }
  size_t nbytes() const { return static_cast<size_t>(size()) * itemsize(dtype_); }
  std::byte* data() { return block_.data(); }
  const std::byte* data() const { return block_.data(); }
  /// The elements in row-major order. Error when T is not the type of the elements.
  template <class T>
  std::span<T> span() {
    if (dtype_ != dtype_of<T>()) view().throw_dtype(dtype_of<T>());
    return {reinterpret_cast<T*>(data()), static_cast<size_t>(size())};
  }
  template <class T>
  std::span<const T> span() const {
    return view().span<T>();
  }
  /// Element `index` in row-major order, whatever the dtype. Error unless 0 <= index < size().
  double at(int64_t index) const { return view().at(index); }
  /// The element at these indices, one for each axis: t(0, 1), and t(0, 1) = 2. Error when one is
  /// out of range.
  template <std::integral... Index>
  double operator()(Index... index) const {
    return view()(index...);
  }
  template <std::integral... Index>
  TensorElement operator()(Index... index) {
    const auto i = static_cast<size_t>(view().offset_of({static_cast<int64_t>(index)...}));
    return {data() + i * itemsize(dtype_), dtype_};
  }
  /// The same elements under another shape; a temporary passes its memory on. Error when the sizes
  /// differ.
  Tensor reshape(Shape shape) const&;
  Tensor reshape(Shape shape) &&;
  /// A copy of a matrix (n, m) as (m, n). Error when there are not two axes.
  Tensor transposed() const { return view().transposed(); }

  TensorView view() const { return {data(), shape_, dtype_}; }
  operator TensorView() const { return view(); }  // NOLINT: converts on purpose

 private:
  friend class TensorView;
  explicit Tensor(const MatrixLayout& layout);
  /// Zeros of shape (n, m) for rows of these lengths.
  static Tensor for_rows(std::span<const size_t> lengths, DType dtype);

  Shape shape_;
  DType dtype_;
  Block block_;
};

template <Number T>
Tensor::Tensor(const std::vector<std::vector<T>>& rows) {
  std::vector<size_t> lengths;
  for (const std::vector<T>& row : rows) lengths.push_back(row.size());
  *this = for_rows(lengths, dtype_of<T>());
  T* to = span<T>().data();
  for (const std::vector<T>& row : rows) {
    for (const T value : row) *to++ = value;
  }
}

}  // namespace cornu::inline v0
