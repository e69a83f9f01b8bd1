#include "cornu/core/tensor.h"

#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// The bytes that a tensor takes, once they are found to fit.
size_t checked_nbytes(const Shape& shape, DType dtype) {
  if (shape.has_rows()) {
    throw Error(
        {.where = "Tensor", .expected = "a shape with every extent known", .found = shape.str()});
  }
  if (shape.size() > std::numeric_limits<int64_t>::max() / static_cast<int64_t>(itemsize(dtype))) {
    throw Error({.where = "Tensor",
                 .what = "the bytes of " + shape.str() + " " + std::string(name(dtype)) +
                         " overflow 63 bits"});
  }
  return static_cast<size_t>(shape.size()) * itemsize(dtype);
}

}  // namespace

double TensorView::at(int64_t index) const {
  const auto i = static_cast<size_t>(index);
  switch (dtype_) {
    case DType::uint8:
      return span<uint8_t>()[i];
    case DType::int32:
      return span<int32_t>()[i];
    case DType::int64:
      return static_cast<double>(span<int64_t>()[i]);
    case DType::float32:
      return static_cast<double>(span<float>()[i]);
    case DType::float64:
      return span<double>()[i];
  }
  return 0;
}

TensorView TensorView::rows(int64_t begin, int64_t end) const {
  const int64_t count = shape_.ndim() > 0 ? shape_[0] : 0;
  if (begin < 0 || end < begin || end > count) {
    throw Error({.where = "tensor of shape " + shape_.str(),
                 .expected = "rows within 0 … " + std::to_string(count),
                 .found = std::to_string(begin) + " … " + std::to_string(end)});
  }
  Shape shape = shape_.without_rows().with_rows().with_rows(end - begin);
  const auto row_bytes = static_cast<size_t>(shape_.without_rows().size()) * itemsize(dtype_);
  return {data_ + static_cast<size_t>(begin) * row_bytes, shape, dtype_};
}

TensorView TensorView::row(int64_t index) const {
  return rows(index, index + 1).reshape(shape_.without_rows());
}

TensorView TensorView::reshape(Shape shape) const {
  if (shape.size() != size()) {
    throw Error({.where = "reshape of a tensor of shape " + shape_.str(),
                 .expected = "a shape of " + std::to_string(size()) + " elements",
                 .found = shape.str()});
  }
  return {data_, shape, dtype_};
}

Tensor::Tensor(Shape shape, DType dtype)
    : shape_(shape), dtype_(dtype), block_(checked_nbytes(shape, dtype)) {
  std::memset(data(), 0, nbytes());
}

Tensor::Tensor(TensorView view)
    : shape_(view.shape()), dtype_(view.dtype()), block_(checked_nbytes(shape_, dtype_)) {
  if (nbytes() > 0) std::memcpy(data(), view.data(), nbytes());
}

Tensor::Tensor(Block block, Shape shape, DType dtype)
    : shape_(shape), dtype_(dtype), block_(std::move(block)) {
  const size_t expected = checked_nbytes(shape, dtype);
  if (block_.size() != expected) {
    throw Error({.where = "Tensor of shape " + shape.str(),
                 .expected = "a block of " + std::to_string(expected) + " bytes",
                 .found = std::to_string(block_.size())});
  }
  block_.align();
}

Tensor::Tensor(Tensor&& other) noexcept
    : shape_(std::exchange(other.shape_, Shape{0})),
      dtype_(other.dtype_),
      block_(std::move(other.block_)) {}

Tensor& Tensor::operator=(const Tensor& other) {
  if (this != &other) *this = Tensor(other);
  return *this;
}

Tensor& Tensor::operator=(Tensor&& other) noexcept {
  shape_ = std::exchange(other.shape_, Shape{0});
  dtype_ = other.dtype_;
  block_ = std::move(other.block_);
  return *this;
}

}  // namespace cornu::inline v0
