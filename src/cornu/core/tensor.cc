#include "cornu/core/tensor.h"

#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// A cache line, and the widest vector.
constexpr std::align_val_t kAlignment{64};

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

void Tensor::Free::operator()(std::byte* data) const {
  ::operator delete[](data, kAlignment);
}

Tensor::Tensor(Shape shape, DType dtype) : shape_(shape), dtype_(dtype) {
  if (shape.has_rows()) {
    throw Error(
        {.where = "Tensor", .expected = "a shape with every extent known", .found = shape.str()});
  }
  if (size() > std::numeric_limits<int64_t>::max() / static_cast<int64_t>(itemsize(dtype))) {
    throw Error({.where = "Tensor",
                 .what = "the bytes of " + shape.str() + " " + std::string(name(dtype)) +
                         " overflow 63 bits"});
  }
  data_.reset(static_cast<std::byte*>(::operator new[](nbytes() > 0 ? nbytes() : 1, kAlignment)));
  std::memset(data_.get(), 0, nbytes());
}

Tensor::Tensor(TensorView view) : Tensor(view.shape(), view.dtype()) {
  if (nbytes() > 0) std::memcpy(data_.get(), view.data(), nbytes());
}

Tensor::Tensor(Tensor&& other) noexcept
    : shape_(std::exchange(other.shape_, Shape{0})),
      dtype_(other.dtype_),
      data_(std::move(other.data_)) {}

Tensor& Tensor::operator=(const Tensor& other) {
  if (this != &other) *this = Tensor(other);
  return *this;
}

Tensor& Tensor::operator=(Tensor&& other) noexcept {
  shape_ = std::exchange(other.shape_, Shape{0});
  dtype_ = other.dtype_;
  data_ = std::move(other.data_);
  return *this;
}

}  // namespace cornu::inline v0
