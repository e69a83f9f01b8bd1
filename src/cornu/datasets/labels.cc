#include "cornu/datasets/labels.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr int64_t kLargestLabel = 65'535;

bool are_whole(TensorView targets) {
  return targets.dtype() != DType::float32 && targets.dtype() != DType::float64;
}

// The place of the only 1 among 0s; none for another row.
std::optional<int64_t> place_of_one(TensorView targets, int64_t row, int64_t classes) {
  std::optional<int64_t> place;
  for (int64_t i = 0; i < classes; ++i) {
    const double value = targets.at(row * classes + i);
    if (value == 0) continue;
    if (value != 1 || place) return {};
    place = i;
  }
  return place;
}

// Error for a class that is not among `names`; of numbered classes, for the first sample that has
// such a label.
[[noreturn]] void refuse_class(const Dataset& data, const std::string& missing,
                               const std::vector<std::string>& names) {
  const std::vector<std::string>& own = data.info().class_names;
  const auto classes = static_cast<int64_t>(names.size());
  const int64_t place = std::ranges::find(own, missing) - own.begin();
  const bool are_too_many = std::ssize(own) > classes;
  for (int64_t i = 0; missing == std::to_string(place) && i < data.size(); ++i) {
    const auto label = static_cast<int64_t>(data.y().at(i));
    if (are_too_many ? label < classes : label != place) continue;
    throw Error({.where = data.info().name + ": label of sample " + std::to_string(i),
                 .expected = "one of the " + std::to_string(classes) +
                             " classes of the model, numbered from 0",
                 .found = std::to_string(label),
                 .hint = "leave such samples out, or train a model on data that have them"});
  }
  throw unknown_name(data.info().name, "class", missing, names);
}

}  // namespace

Tensor as_labels(Tensor targets) {
  const Shape& shape = targets.shape();
  if (shape.ndim() != 2 || shape[1] < 2 || shape[0] == 0) return targets;
  Tensor labels(Shape{shape[0]}, DType::int32);
  for (int64_t row = 0; row < shape[0]; ++row) {
    const std::optional<int64_t> place = place_of_one(targets.view(), row, shape[1]);
    if (!place) return targets;
    labels.span<int32_t>()[static_cast<size_t>(row)] = static_cast<int32_t>(*place);
  }
  return labels;
}

std::vector<std::string> numbered_classes(TensorView train, TensorView test,
                                          const std::string& where) {
  if (!are_whole(train) || train.shape().without_rows().size() != 1) return {};
  int64_t largest = 0;
  for (const TensorView& labels : {train, test}) {
    for (int64_t i = 0; i < labels.size(); ++i) {
      const double label = labels.at(i);
      if (label >= 0 && label <= static_cast<double>(kLargestLabel)) {
        largest = std::max(largest, static_cast<int64_t>(label));
        continue;
      }
      throw Error({.where = where + ": label of sample " + std::to_string(i),
                   .expected = "a class from 0 to " + std::to_string(kLargestLabel),
                   .found = std::to_string(static_cast<int64_t>(label)),
                   .hint = "targets that are numbers to be predicted are floats"});
    }
  }
  std::vector<std::string> names;
  for (int64_t i = 0; i <= largest; ++i) names.push_back(std::to_string(i));
  return names;
}

Dataset in_classes(const Dataset& data, const std::vector<std::string>& names) {
  const std::vector<std::string>& own = data.info().class_names;
  std::vector<int32_t> number_of;
  const std::string* missing = nullptr;
  bool are_numbered = own.size() <= names.size();
  for (size_t i = 0; i < own.size(); ++i) {
    const auto place = std::ranges::find(names, own[i]);
    if (place == names.end() && missing == nullptr) missing = &own[i];
    number_of.push_back(static_cast<int32_t>(place - names.begin()));
    are_numbered = are_numbered && own[i] == std::to_string(i);
  }
  if (missing != nullptr && !are_numbered) refuse_class(data, *missing, names);
  Tensor labels(Shape{data.size()}, DType::int32);
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto label = static_cast<size_t>(data.y().at(i));
    labels.span<int32_t>()[static_cast<size_t>(i)] =
        missing == nullptr ? number_of[label] : static_cast<int32_t>(label);
  }
  DatasetInfo info = data.info();
  info.class_names = names;
  return {Tensor(data.x()), std::move(labels), std::move(info)};
}

}  // namespace cornu::inline v0::datasets
