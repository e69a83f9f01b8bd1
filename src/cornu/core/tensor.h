#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cornu/core/block.h"
#include "cornu/core/dtype.h"
#include "cornu/core/export.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

/// Read-only sight of anyone's row-major memory; the memory outlives the view.
class CORNU_API TensorView {
 public:
  TensorView() = default;
  TensorView(const void* data, Shape shape, DType dtype)
      : data_(static_cast<const std::byte*>(data)), shape_(shape), dtype_(dtype) {}
  /// One axis over a span of floats, bytes, …
  template <class T>
  TensorView(std::span<const T> values)  // NOLINT: converts on purpose
      : TensorView(values.data(), {static_cast<int64_t>(values.size())}, dtype_of<T>()) {}

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  int64_t size() const { return shape_.size(); }
  size_t nbytes() const { return static_cast<size_t>(size()) * itemsize(dtype_); }
  const std::byte* data() const { return data_; }
  template <class T>
  std::span<const T> span() const {
    assert(dtype_ == dtype_of<T>());
    return {reinterpret_cast<const T*>(data_), static_cast<size_t>(size())};
  }
  /// Element `index` in row-major order, whatever the dtype.
  double at(int64_t index) const;

  /// Rows [begin, end) along the first axis. Error when they are not there.
  TensorView rows(int64_t begin, int64_t end) const;
  /// One sample: row `index` without its first axis.
  TensorView row(int64_t index) const;
  /// The same elements under another shape. Error when the sizes differ.
  TensorView reshape(Shape shape) const;

 private:
  const std::byte* data_ = nullptr;
  Shape shape_{0};
  DType dtype_ = DType::float32;
};

/// An n-dimensional array that owns its elements: row-major, contiguous, aligned to 64 bytes.
class CORNU_API Tensor {
 public:
  Tensor() : Tensor(Shape{0}) {}
  /// Zeros. Error when an extent is kRows or the bytes do not fit in 63 bits.
  explicit Tensor(Shape shape, DType dtype = DType::float32);
  /// A copy of what `view` sees.
  explicit Tensor(TensorView view);
  /// The elements that a block holds; they stay where they are when that is a multiple of 64.
  /// Error when the block has not as many bytes as the shape says.
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

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  int64_t size() const { return shape_.size(); }
  size_t nbytes() const { return static_cast<size_t>(size()) * itemsize(dtype_); }
  std::byte* data() { return block_.data(); }
  const std::byte* data() const { return block_.data(); }
  template <class T>
  std::span<T> span() {
    assert(dtype_ == dtype_of<T>());
    return {reinterpret_cast<T*>(data()), static_cast<size_t>(size())};
  }
  template <class T>
  std::span<const T> span() const {
    return view().span<T>();
  }
  double at(int64_t index) const { return view().at(index); }

  TensorView view() const { return {data(), shape_, dtype_}; }
  operator TensorView() const { return view(); }  // NOLINT: converts on purpose

 private:
  Shape shape_;
  DType dtype_;
  Block block_;
};

}  // namespace cornu::inline v0
