#include "cornu/training/weighted_source.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

bool is_weight(double weight) {
  return std::isfinite(weight) && weight >= 0;
}

// The class that a row's target names: a label, a number rounded to one, or the largest of many.
int64_t class_of(TensorView y, int64_t row) {
  const int64_t width = y.shape().without_rows().size();
  if (width == 1) return static_cast<int64_t>(std::nearbyint(y.at(row)));
  int64_t best = 0;
  for (int64_t i = 1; i < width; ++i) {
    if (y.at(row * width + i) > y.at(row * width + best)) best = i;
  }
  return best;
}

}  // namespace

void check_class_weight(const ClassWeight& class_weight, const Spec& spec) {
  if (!class_weight.empty() && spec.y.size() != 1) {
    throw Error({.where = "class_weight",
                 .expected = "one target",
                 .found = std::to_string(spec.y.size()),
                 .hint = "give the product as sample weights, one per target"});
  }
  for (const auto& [label, weight] : class_weight) {
    if (is_weight(weight)) continue;
    throw Error({.where = "class_weight of class " + std::to_string(label),
                 .expected = "a finite weight of 0 or more",
                 .found = shortest(weight)});
  }
}

void weigh_by_class(const ClassWeight& class_weight, int64_t begin, int64_t end, Batch& batch) {
  const TensorView y = batch.y[0];
  const auto weights = batch.weights[0].span<float>();
  for (int64_t row = begin; row < end; ++row) {
    const auto found = class_weight.find(class_of(y, row));
    if (found == class_weight.end()) continue;
    float& weight = weights[static_cast<size_t>(row)];
    weight *= static_cast<float>(found->second);
  }
}

WeightedSource::WeightedSource(const Source& source, Tensor sample_weight, ClassWeight class_weight)
    : source_(source),
      inner_(source.spec()),
      sample_weight_(std::move(sample_weight)),
      class_weight_(std::move(class_weight)) {
  check_class_weight(class_weight_, inner_);
  if (sample_weight_.size() == 0) return;
  const Shape& shape = sample_weight_.shape();
  if (shape.size() != inner_.size || shape[0] != inner_.size ||
      sample_weight_.dtype() != DType::float32) {
    throw Error({.where = "sample_weight",
                 .expected = "float32, one per sample: (" + std::to_string(inner_.size) + ",)",
                 .found = std::string(name(sample_weight_.dtype())) + " " + shape.str()});
  }
  const auto weights = std::as_const(sample_weight_).span<float>();
  const auto wrong = std::ranges::find_if_not(
      weights, [](float weight) { return is_weight(static_cast<double>(weight)); });
  if (wrong == weights.end()) return;
  throw Error({.where = "sample_weight of sample " + std::to_string(wrong - weights.begin()),
               .expected = "a finite weight of 0 or more",
               .found = shortest(*wrong)});
}

Spec WeightedSource::spec() const {
  Spec spec = inner_;
  spec.weights = std::max<size_t>(spec.weights, 1);
  return spec;
}

void WeightedSource::fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const {
  source_.fill(ids, row, batch);
  const auto given = std::as_const(sample_weight_).span<float>();
  for (size_t which = 0; which < batch.weights.size(); ++which) {
    const auto weights =
        batch.weights[which].span<float>().subspan(static_cast<size_t>(row), ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      if (inner_.weights == 0) weights[i] = 1;
      if (!given.empty()) weights[i] *= given[ids[i]];
    }
  }
  if (!class_weight_.empty()) {
    weigh_by_class(class_weight_, row, row + static_cast<int64_t>(ids.size()), batch);
  }
}

}  // namespace cornu::inline v0
