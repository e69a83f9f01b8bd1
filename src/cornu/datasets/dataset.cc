#include "cornu/datasets/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/datasets/in_bytes.h"

namespace cornu::inline v0 {
namespace {

bool is_integer(DType dtype) {
  return dtype == DType::uint8 || dtype == DType::int32 || dtype == DType::int64;
}

// A field of x or of y. A Dataset that was never given data has none.
const Field& field_of(const std::vector<Field>& fields, size_t which, const char* where) {
  if (which < fields.size()) return fields[which];
  if (fields.empty()) throw Error({.where = where, .what = "the data set was never given data"});
  throw Error({.where = where,
               .expected = "one of " + std::to_string(fields.size()) + ", counted from 0",
               .found = std::to_string(which)});
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
  if (row < 0 || (static_cast<size_t>(row) + ids.size()) * bytes > into.nbytes()) {
    throw Error({.where = "Dataset::fill",
                 .expected = "a batch with room for " + std::to_string(ids.size()) +
                             " samples behind row " + std::to_string(row),
                 .found = "a tensor of shape " + into.shape().str()});
  }
  std::byte* to = into.data() + static_cast<size_t>(row) * bytes;
  for (uint64_t id : ids) {
    std::memcpy(to, from.data() + id * bytes, bytes);
    to += bytes;
  }
}

std::vector<Tensor> list_of(Tensor one) {
  std::vector<Tensor> list;
  list.push_back(std::move(one));
  return list;
}

}  // namespace

Dataset::Array Dataset::array_of(Tensor elements) {
  const auto owner = std::make_shared<const Tensor>(std::move(elements));
  return {owner->view(), owner};
}

void Dataset::describe(const std::string& where) {
  const auto rows_in = [](const Array& array) {
    const Shape& shape = array.elements.shape();
    return shape.ndim() > 0 ? shape[0] : -1;
  };
  const auto shapes_of = [](const Arrays& arrays) {
    std::string text;
    for (const Array& each : arrays) {
      text += (text.empty() ? "" : ", ") + each.elements.shape().str();
    }
    return text;
  };
  const int64_t rows = x_.empty() ? -1 : rows_in(x_[0]);
  const auto fits = [&](const Array& array) { return rows_in(array) == rows; };
  if (rows < 0 || !std::ranges::all_of(x_, fits) || !std::ranges::all_of(y_, fits)) {
    throw Error({.where = where,
                 .expected = "as many targets as inputs along the first axis",
                 .found = "x " + shapes_of(x_) + " and y " + shapes_of(y_)});
  }
  // A column of labels (n, 1) is read as (n,).
  for (Array& each : y_) {
    const TensorView y = each.elements;
    const bool is_column = y.shape().ndim() == 2 && y.shape()[1] == 1 && is_integer(y.dtype());
    if (is_column) each.elements = y.reshape({rows});
  }
  const auto field_of_array = [](const Array& array) {
    return Field{array.elements.shape().without_rows(), {.dtype = array.elements.dtype()}};
  };
  spec_.size = rows;
  for (const Array& each : x_) spec_.x.push_back(field_of_array(each));
  for (const Array& each : y_) spec_.y.push_back(field_of_array(each));
}

Dataset::Dataset(Tensors x, Tensors y, DatasetInfo info) {
  for (Tensor& each : std::move(x).list()) x_.push_back(array_of(std::move(each)));
  for (Tensor& each : std::move(y).list()) y_.push_back(array_of(std::move(each)));
  describe("Dataset" + (info.name.empty() ? "" : " \"" + info.name + "\""));
  info_ = std::make_shared<DatasetInfo>(std::move(info));
}

Dataset::Dataset(const std::vector<TensorView>& x, const std::vector<TensorView>& y,
                 const std::shared_ptr<const void>& owner) {
  for (const TensorView& each : x) x_.push_back({each, owner});
  for (const TensorView& each : y) y_.push_back({each, owner});
  describe("Dataset");
}

Dataset Dataset::weighted(Tensor sample_weight) const {
  return weighted(list_of(std::move(sample_weight)));
}

Dataset Dataset::weighted(std::vector<Tensor> sample_weights) const {
  if (sample_weights.size() != 1 && sample_weights.size() != spec_.y.size()) {
    throw Error({.where = "sample_weight",
                 .expected = "one weight per sample, or one for each of its " +
                             std::to_string(spec_.y.size()) + " targets",
                 .found = std::to_string(sample_weights.size())});
  }
  Dataset result = *this;
  result.weights_.clear();
  for (Tensor& each : sample_weights) {
    if (each.shape().ndim() != 1 || each.shape()[0] != size() || each.dtype() != DType::float32) {
      throw Error({.where = "sample_weight",
                   .expected = "float32 (" + std::to_string(size()) + ",)",
                   .found = std::string(name(each.dtype())) + " " + each.shape().str()});
    }
    const auto weights = std::as_const(each).span<float>();
    const auto wrong = std::ranges::find_if_not(
        weights, [](float weight) { return std::isfinite(weight) && weight >= 0; });
    if (wrong != weights.end()) {
      throw Error({.where = "sample_weight of sample " + std::to_string(wrong - weights.begin()),
                   .expected = "a finite weight of 0 or more",
                   .found = shortest(static_cast<double>(*wrong))});
    }
    // Stored for all samples in memory, of which this set may be a part.
    Tensor all(Shape{x_[0].elements.shape()[0]});
    std::ranges::copy(weights, all.span<float>().begin() + begin_);
    result.weights_.push_back(array_of(std::move(all)));
  }
  result.spec_.weights = sample_weights.size();
  return result;
}

Dataset Dataset::reshape(Shape sample, size_t input) const {
  const Shape& now = field_of(spec_.x, input, "Dataset::reshape").shape;
  if (sample.has_rows()) {
    throw Error({.where = "Dataset::reshape",
                 .expected = "the shape of one sample, every extent known",
                 .found = sample.str(),
                 .hint = "leave out the axis of the samples"});
  }
  if (sample.size() != now.size()) {
    throw Error({.where = "Dataset::reshape",
                 .expected = "a sample of " + std::to_string(now.size()) + " elements, as " +
                             now.str() + " has",
                 .found = sample.str() + ", " + std::to_string(sample.size()) + " elements"});
  }
  Dataset result = *this;
  result.spec_.x[input].shape = sample;
  return result;
}

Dataset Dataset::divide(double divisor, size_t input) const {
  // The network divides in float32, where a very small divisor is 0.
  const auto rounded = static_cast<float>(divisor);
  if (!(std::abs(rounded) > 0) || !std::isfinite(rounded)) {
    throw Error({.where = "Dataset::divide",
                 .expected = "a divisor that is finite and not 0 in float32",
                 .found = shortest(divisor)});
  }
  InputEncoding encoding = field_of(spec_.x, input, "Dataset::divide").encoding;
  if (encoding.divisor != 1) {
    throw Error({.where = "Dataset::divide",
                 .what = "the inputs are divided by " + shortest(encoding.divisor) + " already",
                 .hint = "divide once, by the product"});
  }
  encoding.divisor = divisor;
  Dataset result = *this;
  result.spec_.x[input].encoding = encoding;
  return result;
}

Dataset Dataset::to_categorical(int64_t classes, size_t target) const {
  const Field& field = field_of(spec_.y, target, "Dataset::to_categorical");
  if (!is_integer(field.encoding.dtype) || field.shape.ndim() != 0 || field.encoding.classes > 0) {
    throw Error({.where = "Dataset::to_categorical",
                 .expected = "integer labels, one per sample",
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
  const TensorView labels = y(target);
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
  result.spec_.y[target].encoding.classes = classes;
  result.spec_.y[target].shape = {classes};
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

TensorView Dataset::rows_of(const Arrays& arrays, size_t which) const {
  if (which >= arrays.size()) return {};
  return arrays[which].elements.rows(begin_, begin_ + size());
}

TensorView Dataset::x(size_t input) const {
  if (input >= x_.size()) return {};
  const Shape shape = spec_.x[input].stored().with_rows();
  return rows_of(x_, input).reshape(shape.with_rows(size()));
}

TensorView Dataset::y(size_t target) const {
  return rows_of(y_, target);
}

Tensor Dataset::decoded_x(size_t input) const {
  const TensorView stored = x(input);
  const InputEncoding encoding = input < spec_.x.size() ? spec_.x[input].encoding : InputEncoding{};
  Tensor decoded(stored.shape());
  const auto out = decoded.span<float>();
  for (size_t i = 0; i < out.size(); ++i) {
    const float value = static_cast<float>(stored.at(static_cast<int64_t>(i)));
    out[i] = (value - static_cast<float>(encoding.offset)) / static_cast<float>(encoding.divisor);
  }
  return decoded;
}

Tensor Dataset::decoded_y(size_t target) const {
  const TensorView labels = y(target);
  const int64_t classes = target < spec_.y.size() ? spec_.y[target].encoding.classes : 0;
  if (classes == 0) return Tensor(labels);
  Tensor decoded(Shape{size(), classes});
  const auto out = decoded.span<float>();
  for (int64_t i = 0; i < size(); ++i) {
    out[static_cast<size_t>(i * classes + label_at(labels, i))] = 1;
  }
  return decoded;
}

int64_t Dataset::num_classes(size_t target) const {
  const Field& field = target < spec_.y.size() ? spec_.y[target] : Field{};
  if (field.encoding.classes > 0) return field.encoding.classes;
  if (!is_integer(field.encoding.dtype) || field.shape.ndim() != 0) return 0;
  const TensorView labels = y(target);
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
  for (size_t i = 0; i < x_.size(); ++i) {
    if (!batch.is_in_place(i)) gather(x(i), ids, row, batch.x[i]);
  }
  for (size_t i = 0; i < y_.size(); ++i) {
    gather(y(i), ids, row, batch.y[i]);
  }
  for (size_t i = 0; i < weights_.size(); ++i) {
    gather(rows_of(weights_, i), ids, row, batch.weights[i]);
  }
}

void Dataset::prefetch(std::span<const uint64_t> ids) const {
  constexpr size_t kLine = 64;
  for (size_t i = 0; i < x_.size(); ++i) {
    const TensorView from = x(i);
    const size_t bytes = row_bytes(from);
    for (uint64_t id : ids) {
      if (id >= static_cast<uint64_t>(size())) continue;  // fill reports it
      const std::byte* const begin = from.data() + id * bytes;
      for (size_t at = 0; at < bytes; at += kLine) __builtin_prefetch(begin + at, 0, 2);
    }
  }
}

std::unique_ptr<const Source> Dataset::in_bytes(Team& team) const {
  std::optional<Dataset> smaller;
  for (size_t i = 0; i < x_.size(); ++i) {
    if (!(spec_.x[i].encoding == InputEncoding{})) continue;
    std::optional<EncodedBytes> found = cornu::in_bytes(rows_of(x_, i), team);
    if (!found) continue;
    if (!smaller) smaller = alone();
    smaller->x_[i] = array_of(std::move(found->bytes));
    smaller->spec_.x[i].encoding = found->encoding;
  }
  for (size_t i = 0; i < y_.size(); ++i) {
    if (!(spec_.y[i].encoding == InputEncoding{})) continue;
    std::optional<EncodedBytes> found = labels_in_bytes(rows_of(y_, i));
    if (!found) continue;
    if (!smaller) smaller = alone();
    smaller->y_[i] = array_of(std::move(found->bytes));
    smaller->spec_.y[i].encoding = found->encoding;
  }
  return smaller ? std::make_unique<Dataset>(*std::move(smaller)) : nullptr;
}

Dataset Dataset::alone() const {
  Dataset result = *this;
  for (Arrays* const arrays : {&result.x_, &result.y_, &result.weights_}) {
    for (size_t i = 0; i < arrays->size(); ++i) (*arrays)[i].elements = rows_of(*arrays, i);
  }
  result.begin_ = 0;
  return result;
}

}  // namespace cornu::inline v0
