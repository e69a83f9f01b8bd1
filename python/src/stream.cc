#include "stream.h"

#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "cornu/core/error.h"

namespace cornu::python {
namespace {

int64_t rows_of(const Array& array) {
  return array.ndim() > 0 ? static_cast<int64_t>(array.shape(0)) : 0;
}

Field field_of(const Array& array) {
  const TensorView view = view_of(array);
  return {view.shape().without_rows(), {.dtype = view.dtype()}};
}

// Error unless an array of a later batch is as the first one's.
void require_same(const Array& array, const Tensor& into) {
  const TensorView view = view_of(array);
  if (view.dtype() == into.dtype() && view.shape().ndim() == into.shape().ndim() &&
      view.shape().without_rows() == into.shape().without_rows()) {
    return;
  }
  throw Error({.where = "fit: a batch",
               .expected = std::string(name(into.dtype())) + " samples of shape " +
                           into.shape().without_rows().str() + ", as in the first batch",
               .found = std::string(name(view.dtype())) + " " + view.shape().str()});
}

}  // namespace

PythonStream::PythonStream(nb::object batches, const std::vector<Array>& first, size_t inputs,
                           size_t weights)
    : batches_(hold(std::move(batches))) {
  for (size_t i = 0; i + weights < first.size(); ++i) {
    (i < inputs ? spec_.x : spec_.y).push_back(field_of(first[i]));
  }
  spec_.weights = weights;
}

bool PythonStream::read() {
  const nb::gil_scoped_acquire gil;
  arrays_.clear();
  const nb::object batch = batches_->attr("next_batch")();
  if (batch.is_none()) return false;
  arrays_ = nb::cast<std::vector<Array>>(batch);
  begin_ = 0;
  end_ = rows_of(arrays_.at(0));
  for (const Array& each : arrays_) {
    if (rows_of(each) == end_) continue;
    throw Error({.where = "fit: a batch",
                 .expected = std::to_string(end_) + " rows in each of its arrays",
                 .found = std::to_string(rows_of(each))});
  }
  return true;
}

int64_t PythonStream::next(Batch& batch, int64_t capacity) {
  while (begin_ == end_) {
    if (!read()) return 0;
  }
  const int64_t rows = std::min(capacity, end_ - begin_);
  size_t which = 0;
  for (std::vector<Tensor>* const part : {&batch.x, &batch.y, &batch.weights}) {
    if (part == &batch.weights && spec_.weights == 0) continue;  // those of classes
    for (Tensor& into : *part) {
      const Array& array = arrays_.at(which++);
      require_same(array, into);
      const size_t row = into.nbytes() / static_cast<size_t>(std::max<int64_t>(1, into.shape()[0]));
      const auto* const from = static_cast<const std::byte*>(array.data());
      std::memcpy(into.data(), from + static_cast<size_t>(begin_) * row,
                  static_cast<size_t>(rows) * row);
    }
  }
  begin_ += rows;
  if (begin_ == end_) {
    const nb::gil_scoped_acquire gil;
    arrays_.clear();
  }
  return rows;
}

bool PythonStream::rewind() {
  const nb::gil_scoped_acquire gil;
  begin_ = end_ = 0;
  arrays_.clear();
  return nb::cast<bool>(batches_->attr("rewind")());
}

}  // namespace cornu::python
