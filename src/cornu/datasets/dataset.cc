#include "cornu/datasets/dataset.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

bool is_integer(DType dtype) {
  return dtype == DType::uint8 || dtype == DType::int32 || dtype == DType::int64;
}

// The one field of x or of y. A Dataset that was never given data has none.
const Field& only(const std::vector<Field>& fields, const char* where) {
  if (fields.empty()) throw Error({.where = where, .what = "the data set was never given data"});
  return fields[0];
}

int64_t label_at(TensorView labels, int64_t index) {
  return labels.dtype() == DType::int64 ? labels.span<int64_t>()[static_cast<size_t>(index)]
                                        : static_cast<int64_t>(labels.at(index));
}

size_t row_bytes(TensorView t) {
  return static_cast<size_t>(t.shape().without_rows().size()) * itemsize(t.dtype());
}

void gather(TensorView from, std::span<const uint64_t> ids, int64_t row, Tensor& into) {
  const size_t bytes = row_bytes(from);
  std::byte* to = into.data() + static_cast<size_t>(row) * bytes;
  for (uint64_t id : ids) {
    std::memcpy(to, from.data() + id * bytes, bytes);
    to += bytes;
  }
}

}  // namespace

Dataset::Dataset(Tensor x, Tensor y, DatasetInfo info) {
  const auto rows_of = [](const Tensor& t) { return t.shape().ndim() > 0 ? t.shape()[0] : -1; };
  if (rows_of(x) != rows_of(y) || rows_of(x) < 0) {
    throw Error({.where = "Dataset" + (info.name.empty() ? "" : " \"" + info.name + "\""),
                 .expected = "as many targets as inputs along the first axis",
                 .found = "x " + x.shape().str() + " and y " + y.shape().str()});
  }
  // A column of labels (n, 1) means what (n,) means.
  const auto field = [](const Tensor& t) {
    return Field{t.shape().without_rows(), {.dtype = t.dtype()}};
  };
  if (y.shape().ndim() == 2 && y.shape()[1] == 1 && is_integer(y.dtype())) {
    y = Tensor(y.view().reshape({y.shape()[0]}));
  }
  spec_ = {.x = {field(x)}, .y = {field(y)}, .size = x.shape()[0]};
  x_ = std::make_shared<Tensor>(std::move(x));
  y_ = std::make_shared<Tensor>(std::move(y));
  info_ = std::make_shared<DatasetInfo>(std::move(info));
}

Dataset Dataset::reshape(Shape sample) const {
  const Shape& now = only(spec_.x, "Dataset::reshape").shape;
  if (sample.has_rows()) {
    throw Error({.where = "Dataset::reshape",
                 .expected = "the shape of one sample, every extent known",
                 .found = sample.str(),
                 .hint = "leave the axis of the samples away"});
  }
  if (sample.size() != now.size()) {
    throw Error({.where = "Dataset::reshape",
                 .expected = "a sample of " + std::to_string(now.size()) + " elements, as " +
                             now.str() + " has",
                 .found = sample.str() + ", " + std::to_string(sample.size()) + " elements"});
  }
  Dataset result = *this;
  result.spec_.x[0].shape = sample;
  return result;
}

Dataset Dataset::divide(double divisor) const {
  // The network divides in float32, where a very small divisor is 0.
  const auto rounded = static_cast<float>(divisor);
  if (!(std::abs(rounded) > 0) || !std::isfinite(rounded)) {
    throw Error({.where = "Dataset::divide",
                 .expected = "a divisor that is finite and not 0 in float32",
                 .found = shortest(divisor)});
  }
  InputEncoding encoding = only(spec_.x, "Dataset::divide").encoding;
  if (encoding.divisor != 1) {
    throw Error({.where = "Dataset::divide",
                 .what = "the inputs are divided by " + shortest(encoding.divisor) + " already",
                 .hint = "divide once, by the product"});
  }
  encoding.divisor = divisor;
  Dataset result = *this;
  result.spec_.x[0].encoding = encoding;
  return result;
}

Dataset Dataset::to_categorical(int64_t classes) const {
  const Field& field = only(spec_.y, "Dataset::to_categorical");
  if (!is_integer(field.encoding.dtype) || field.shape.ndim() != 0 || field.encoding.classes > 0) {
    throw Error({.where = "Dataset::to_categorical",
                 .expected = "integer labels, one a sample",
                 .found = field.encoding.classes > 0
                              ? "labels that are one-hot already"
                              : std::string(name(field.encoding.dtype)) + " targets of shape " +
                                    field.shape.str()});
  }
  if (classes < 1) {
    throw Error({.where = "Dataset::to_categorical",
                 .expected = "classes > 0",
                 .found = std::to_string(classes)});
  }
  const TensorView labels = y();
  for (int64_t i = 0; i < size(); ++i) {
    const int64_t label = label_at(labels, i);
    if (label < 0 || label >= classes) {
      throw Error({.where = "Dataset::to_categorical: sample " + std::to_string(i),
                   .what = "label out of range",
                   .expected = "0 … " + std::to_string(classes - 1),
                   .found = std::to_string(label),
                   .hint = "give to_categorical as many classes as there are, or mend the label"});
    }
  }
  Dataset result = *this;
  result.spec_.y[0].encoding.classes = classes;
  result.spec_.y[0].shape = {classes};
  return result;
}

Dataset Dataset::rows(int64_t begin, int64_t end) const {
  x().rows(begin, end);  // checks the bounds
  Dataset result = *this;
  result.begin_ += begin;
  result.spec_.size = end - begin;
  return result;
}

Dataset Dataset::take(int64_t count) const {
  return rows(0, std::min(count, size()));
}
Dataset Dataset::skip(int64_t count) const {
  return rows(std::min(count, size()), size());
}

TensorView Dataset::x() const {
  if (!x_) return {};
  const Shape shape = spec_.x[0].stored().with_rows();
  return x_->view().rows(begin_, begin_ + size()).reshape(shape.with_rows(size()));
}

TensorView Dataset::y() const {
  if (!y_) return {};
  return y_->view().rows(begin_, begin_ + size());
}

Tensor Dataset::decoded_x() const {
  const TensorView stored = x();
  const InputEncoding encoding = spec_.x.empty() ? InputEncoding{} : spec_.x[0].encoding;
  Tensor decoded(stored.shape());
  const auto out = decoded.span<float>();
  for (size_t i = 0; i < out.size(); ++i) {
    const float value = static_cast<float>(stored.at(static_cast<int64_t>(i)));
    out[i] = (value - static_cast<float>(encoding.offset)) / static_cast<float>(encoding.divisor);
  }
  return decoded;
}

Tensor Dataset::decoded_y() const {
  const int64_t classes = spec_.y.empty() ? 0 : spec_.y[0].encoding.classes;
  if (classes == 0) return Tensor(y());
  Tensor decoded(Shape{size(), classes});
  const auto out = decoded.span<float>();
  for (int64_t i = 0; i < size(); ++i) {
    out[static_cast<size_t>(i * classes + label_at(y(), i))] = 1;
  }
  return decoded;
}

int64_t Dataset::num_classes() const {
  const Field& field = spec_.y.empty() ? Field{} : spec_.y[0];
  if (field.encoding.classes > 0) return field.encoding.classes;
  if (!is_integer(field.encoding.dtype) || field.shape.ndim() != 0) return 0;
  const TensorView labels = y();
  int64_t most = -1;
  for (int64_t i = 0; i < size(); ++i) most = std::max(most, label_at(labels, i));
  return most + 1;
}

void Dataset::fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const {
  for (uint64_t id : ids) {
    if (id >= static_cast<uint64_t>(size())) {
      throw Error({.where = "Dataset::fill",
                   .expected = "sample ids below " + std::to_string(size()),
                   .found = std::to_string(id)});
    }
  }
  assert(batch.y[0].shape()[0] >= row + static_cast<int64_t>(ids.size()));
  if (!batch.is_in_place(0)) gather(x(), ids, row, batch.x[0]);
  gather(y(), ids, row, batch.y[0]);
}

void Dataset::prefetch(std::span<const uint64_t> ids) const {
  constexpr size_t kLine = 64;
  const TensorView from = x();
  const size_t bytes = row_bytes(from);
  for (uint64_t id : ids) {
    if (id >= static_cast<uint64_t>(size())) continue;  // fill says so
    const std::byte* const begin = from.data() + id * bytes;
    for (size_t at = 0; at < bytes; at += kLine) __builtin_prefetch(begin + at, 0, 2);
  }
}

}  // namespace cornu::inline v0
