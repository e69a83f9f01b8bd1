#include "cornu/core/shape.h"

#include <algorithm>
#include <ostream>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

Shape::Shape(std::span<const int64_t> extents) {
  if (extents.size() > kMaxNdim) {
    throw Error({.where = "Shape",
                 .expected = "at most " + std::to_string(kMaxNdim) + " axes",
                 .found = std::to_string(extents.size())});
  }
  for (size_t axis = 0; axis < extents.size(); ++axis) {
    if (extents[axis] < 0 && !(axis == 0 && extents[axis] == kRows)) {
      throw Error({.where = "Shape",
                   .expected = "extents of 0 or more",
                   .found = std::to_string(extents[axis]) + " at axis " + std::to_string(axis)});
    }
    extents_[axis] = extents[axis];
  }
  ndim_ = static_cast<int>(extents.size());
}

void Shape::throw_no_axis(int axis) const {
  throw Error({.where = "Shape " + str(),
               .expected = ndim_ == 0 ? "an axis, which a scalar has not"
                                      : "an axis within 0 … " + std::to_string(ndim_ - 1),
               .found = std::to_string(axis)});
}

int64_t Shape::size(int64_t rows) const {
  int64_t product = 1;
  for (int64_t extent : extents()) {
    if (__builtin_mul_overflow(product, extent == kRows ? rows : extent, &product)) {
      throw Error({.where = "Shape " + str(), .what = "its number of elements overflows 63 bits"});
    }
  }
  return product;
}

Shape Shape::with_rows() const {
  std::array<int64_t, kMaxNdim + 1> extents{kRows};
  std::copy_n(extents_.begin(), ndim_, extents.begin() + 1);
  return Shape(std::span(extents).first(static_cast<size_t>(ndim_) + 1));
}

Shape Shape::with_rows(int64_t rows) const {
  if (rows < 0) {
    throw Error(
        {.where = "Shape " + str(), .expected = "0 rows or more", .found = std::to_string(rows)});
  }
  Shape result = *this;
  if (has_rows()) result.extents_[0] = rows;
  return result;
}

Shape Shape::without_rows() const {
  if (ndim_ == 0) {
    throw Error({.where = "Shape ()", .what = "a scalar has no rows to take a sample from"});
  }
  return Shape(extents().subspan(1));
}

std::string Shape::str() const {
  std::string text = "(";
  for (int axis = 0; axis < ndim_; ++axis) {
    if (axis > 0) text += ", ";
    text += (*this)[axis] == kRows ? "None" : std::to_string((*this)[axis]);
  }
  return text + (ndim_ == 1 ? ",)" : ")");
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << shape.str();
}

}  // namespace cornu::inline v0
