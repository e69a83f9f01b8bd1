#include "cornu/core/tensor.h"

#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/free_memory.h"
#include "cornu/core/names.h"

namespace cornu::inline v0 {
namespace {

// The bytes of a tensor, after a check for overflow.
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

[[noreturn]] void refuse_size(const Shape& shape, size_t nbytes, std::optional<int64_t> free) {
  throw Error({.where = "Tensor of shape " + shape.str(),
               .what = "there is not enough memory for its " +
                       with_commas(static_cast<int64_t>(nbytes)) + " bytes",
               .found = free ? "about " + with_commas(*free) + " that are free" : "",
               .hint = "smaller layers, a smaller batch_size, or fewer samples at a time"});
}

// A system may promise more memory than it has, and end the process when that is written.
Block block_for(const Shape& shape, DType dtype) {
  constexpr size_t kLarge = size_t{1} << 30;
  const size_t nbytes = checked_nbytes(shape, dtype);
  if (nbytes >= kLarge) {
    const std::optional<int64_t> free = free_memory();
    if (free && static_cast<uint64_t>(*free) < nbytes) refuse_size(shape, nbytes, free);
  }
  try {
    return Block(nbytes);
  } catch (const std::bad_alloc&) {
    refuse_size(shape, nbytes, free_memory());
  }
}

template <class T>
T read(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

double number_at(const std::byte* data, DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return read<uint8_t>(data);
    case DType::int32:
      return read<int32_t>(data);
    case DType::int64:
      return static_cast<double>(read<int64_t>(data));
    case DType::float32:
      return static_cast<double>(read<float>(data));
    case DType::float64:
      return read<double>(data);
  }
  return 0;
}

template <class T>
void write(std::byte* data, double value) {
  if constexpr (std::is_integral_v<T>) {
    // 2ⁿ is exact as a double, unlike the type's largest number.
    const double end = 2.0 * static_cast<double>(std::numeric_limits<T>::max() / 2 + 1);
    const auto least = static_cast<double>(std::numeric_limits<T>::min());
    if (!(value >= least && value < end) || static_cast<double>(static_cast<T>(value)) != value) {
      throw Error({.where = "element of a Tensor",
                   .expected = "a number that " + std::string(name(dtype_of<T>())) + " holds",
                   .found = std::to_string(value)});
    }
  }
  const T element = static_cast<T>(value);
  std::memcpy(data, &element, sizeof element);
}

}  // namespace

TensorElement::operator double() const {
  return number_at(data_, dtype_);
}

TensorElement& TensorElement::operator=(double value) {
  switch (dtype_) {
    case DType::uint8:
      write<uint8_t>(data_, value);
      break;
    case DType::int32:
      write<int32_t>(data_, value);
      break;
    case DType::int64:
      write<int64_t>(data_, value);
      break;
    case DType::float32:
      write<float>(data_, value);
      break;
    case DType::float64:
      write<double>(data_, value);
      break;
  }
  return *this;
}

void TensorView::throw_dtype(DType asked) const {
  throw Error({.where = "span of a tensor of shape " + shape_.str(),
               .expected = "elements of type " + std::string(name(dtype_)),
               .found = std::string(name(asked)),
               .hint = "span<T>() takes the type that dtype() names; at(i) reads any as a double"});
}

void TensorView::throw_rows_unknown() const {
  throw Error({.where = "TensorView",
               .expected = "a shape with every extent known",
               .found = shape_.str()});
}

TensorView::TensorView(const MatrixLayout& layout)
    : TensorView(layout.data, layout.shape, layout.dtype) {
  if (!layout.is_contiguous()) {
    throw Error({.where = "TensorView of a matrix of shape " + shape_.str(),
                 .expected = "rows that follow each other without gaps",
                 .found = "rows " + std::to_string(layout.row_stride) + " and columns " +
                          std::to_string(layout.col_stride) + " elements apart",
                 .hint = "Tensor(matrix) is a copy without gaps"});
  }
}

double TensorView::at(int64_t index) const {
  if (index < 0 || index >= size()) {
    throw Error({.where = "at on a tensor of shape " + shape_.str(),
                 .expected = size() == 0 ? "an element, and there is none"
                                         : "an index within 0 … " + std::to_string(size() - 1),
                 .found = std::to_string(index)});
  }
  return number_at(data_ + static_cast<size_t>(index) * itemsize(dtype_), dtype_);
}

int64_t TensorView::offset_of(std::initializer_list<int64_t> index) const {
  const auto fail = [&](std::string expected) {
    std::string found;
    for (const int64_t i : index) found += (found.empty() ? "(" : ", ") + std::to_string(i);
    throw Error({.where = "element of a tensor of shape " + shape_.str(),
                 .expected = std::move(expected),
                 .found = (found.empty() ? "(" : found) + ")"});
  };
  if (static_cast<int>(index.size()) != shape_.ndim()) {
    fail(std::to_string(shape_.ndim()) + (shape_.ndim() == 1 ? " index" : " indices") +
         ", one for each axis");
  }
  int64_t offset = 0;
  int axis = 0;
  for (const int64_t i : index) {
    if (i < 0 || i >= shape_[axis]) {
      fail("an index below " + std::to_string(shape_[axis]) + " at axis " + std::to_string(axis));
    }
    offset = offset * shape_[axis] + i;
    ++axis;
  }
  return offset;
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
    : shape_(shape), dtype_(dtype), block_(block_for(shape, dtype)) {
  std::memset(data(), 0, nbytes());
}

Tensor Tensor::unset(Shape shape, DType dtype) {
  Block block = block_for(shape, dtype);
  block.prefer_huge_pages();
  return {std::move(block), shape, dtype};
}

Tensor::Tensor(TensorView view)
    : shape_(view.shape()), dtype_(view.dtype()), block_(block_for(shape_, dtype_)) {
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

Tensor::Tensor(const MatrixLayout& layout) : Tensor(layout.shape, layout.dtype) {
  const size_t bytes = itemsize(dtype_);
  const auto* from = static_cast<const std::byte*>(layout.data);
  const int64_t cols = shape_.ndim() == 1 ? 1 : shape_[1];
  for (int64_t i = 0; i < shape_[0]; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      const int64_t apart = i * layout.row_stride + j * layout.col_stride;
      std::memcpy(data() + static_cast<size_t>(i * cols + j) * bytes,
                  from + apart * static_cast<int64_t>(bytes), bytes);
    }
  }
}

Tensor Tensor::for_rows(std::span<const size_t> lengths, DType dtype) {
  const size_t cols = lengths.empty() ? 0 : lengths[0];
  for (size_t row = 0; row < lengths.size(); ++row) {
    if (lengths[row] == cols) continue;
    throw Error({.where = "Tensor of a vector of vectors",
                 .expected = "rows of " + std::to_string(cols) + " numbers, as the first has",
                 .found = std::to_string(lengths[row]) + " in row " + std::to_string(row)});
  }
  return Tensor({static_cast<int64_t>(lengths.size()), static_cast<int64_t>(cols)}, dtype);
}

Tensor Tensor::reshape(Shape shape) const& {
  return Tensor(view().reshape(shape));
}

Tensor Tensor::reshape(Shape shape) && {
  view().reshape(shape);
  shape_ = shape;
  return std::move(*this);
}

Tensor TensorView::transposed() const {
  if (shape_.ndim() != 2) {
    throw Error({.where = "transposed",
                 .expected = "a matrix, of two axes",
                 .found = "a tensor of shape " + shape_.str()});
  }
  return Tensor(MatrixLayout{.data = data_,
                             .dtype = dtype_,
                             .shape = {shape_[1], shape_[0]},
                             .row_stride = 1,
                             .col_stride = shape_[1]});
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
