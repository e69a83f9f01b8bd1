#include "cornu/plan/check_batch.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/plan/check_targets.h"

namespace cornu::inline v0 {
namespace {

// The number of classes that labels in a target count; 0 if it holds no labels: integers that a
// loss uses as numbers may have any value.
int64_t classes_of(const Plan& plan, SlotId target) {
  int64_t classes = 0;
  for (const Op& op : plan.ops) {
    const auto* const one_hot = std::get_if<ops::OneHot>(&op.what);
    if (one_hot == nullptr || plan.base(op.in[0]) != target) continue;
    classes = classes == 0 ? one_hot->classes : std::min(classes, one_hot->classes);
  }
  return classes;
}

// The encoding between the stored numbers and those that an op reads; sets `stored` to the slot of
// the stored ones.
ops::Decode decode_of(const Plan& plan, SlotId& stored) {
  stored = plan.base(stored);
  for (const Op& op : plan.ops) {
    const auto* decode = std::get_if<ops::Decode>(&op.what);
    if (decode == nullptr || plan.base(op.out[0]) != stored) continue;
    stored = plan.base(op.in[0]);
    return *decode;
  }
  return {};
}

// The first element that is not above `low` and below `high`; -1 if there is none.
template <class T>
int64_t first_outside(std::span<const T> values, double low, double high) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    if (!(value > low && value < high)) return static_cast<int64_t>(i);
  }
  return -1;
}

int64_t first_outside(TensorView values, double low, double high) {
  switch (values.dtype()) {
    case DType::uint8:
      return first_outside(values.span<uint8_t>(), low, high);
    case DType::int32:
      return first_outside(values.span<int32_t>(), low, high);
    case DType::int64:
      return first_outside(values.span<int64_t>(), low, high);
    case DType::float32:
      return first_outside(values.span<float>(), low, high);
    case DType::float64:
      return first_outside(values.span<double>(), low, high);
  }
  return -1;
}

// One sample of x[input], in the batch or in the source's memory.
TensorView sample_view(const Batch& batch, size_t input, const Shape& sample, int64_t row) {
  const Tensor& x = batch.x[input];
  if (batch.is_in_place(input)) {
    return {batch.x_rows[input][static_cast<size_t>(row)], sample, x.dtype()};
  }
  return x.view().row(row);
}

// The first label that is no whole number; -1 if there is none.
int64_t first_fraction(TensorView labels) {
  if (labels.dtype() != DType::float32 && labels.dtype() != DType::float64) return -1;
  for (int64_t i = 0; i < labels.size(); ++i) {
    if (labels.at(i) != std::floor(labels.at(i))) return i;
  }
  return -1;
}

std::string sample_of(const Batch& batch, int64_t row) {
  return "sample " + std::to_string(batch.sample[static_cast<size_t>(row)]);
}

}  // namespace

BatchCheck::BatchCheck(const Plan& plan, const Spec& spec) {
  for (size_t i = 0; i < plan.targets.size() && i < spec.y.size(); ++i) {
    // Labels that become one-hot rows are checked by the Dataset.
    if (spec.y[i].encoding.classes > 0) continue;
    const int64_t classes = classes_of(plan, plan.targets[i]);
    if (classes > 0) labels_.push_back({i, classes});
  }
  for (const TargetRule& rule : plan.target_rules) {
    // Labels that become one-hot rows are checked as labels.
    const InputEncoding& encoding = spec.y[rule.target].encoding;
    if (rule.domain == TargetDomain::any || encoding.classes > 0 || !encoding.is_identity()) {
      continue;
    }
    const bool is_known = std::ranges::any_of(rules_, [&](const TargetRule& known) {
      return known.target == rule.target && known.domain == rule.domain;
    });
    if (!is_known) rules_.push_back(rule);
  }
  for (const Op& op : plan.ops) {
    if (!std::holds_alternative<ops::Embedding>(op.what)) continue;
    SlotId stored = op.in[0];
    const ops::Decode decode = decode_of(plan, stored);
    const auto input = std::ranges::find(plan.inputs, stored);
    if (input == plan.inputs.end()) continue;  // computed in the network
    const auto which = static_cast<size_t>(input - plan.inputs.begin());
    indices_.push_back(
        {which, spec.x[which].stored(), decode, plan.slot(op.in[1]).shape[0], op.layer});
  }
}

void BatchCheck::check_targets(const Batch& batch, int64_t begin, int64_t end) const {
  for (const TargetRule& rule : rules_) {
    const TensorView targets = batch.y[rule.target].view().rows(begin, end);
    const int64_t at = first_without_meaning(targets, rule.domain);
    if (at < 0) continue;
    const int64_t each = targets.size() / (end - begin);
    const Words words = words_of(rule.domain);
    throw Error({.where = sample_of(batch, begin + at / each),
                 .what = "the " + rule.taker + " does not take such a target",
                 .expected = words.expected,
                 .found = shortest(targets.at(at)) + " at element " + std::to_string(at % each),
                 .hint = words.hint});
  }
}

void BatchCheck::operator()(const Batch& batch, int64_t begin, int64_t end) const {
  if (begin == end) return;
  check_targets(batch, begin, end);
  for (const Labels& each : labels_) {
    const TensorView labels = batch.y[each.target].view().rows(begin, end);
    const int64_t of_a_row = labels.size() / (end - begin);
    if (const int64_t at = first_fraction(labels); at >= 0) {
      throw Error({.where = sample_of(batch, begin + at / of_a_row),
                   .what = "a label counts classes",
                   .expected = "a whole number",
                   .found = shortest(labels.at(at)),
                   .hint = "numbers go with mean_squared_error"});
    }
    const int64_t at = first_outside(labels, -1, static_cast<double>(each.classes));
    if (at < 0) continue;
    throw Error({.where = sample_of(batch, begin + at / of_a_row),
                 .what = "label out of range",
                 .expected = "0 … " + std::to_string(each.classes - 1) +
                             ", as the model's last layer has " + std::to_string(each.classes) +
                             " outputs",
                 .found = shortest(labels.at(at))});
  }
  for (const Indices& each : indices_) {
    // Fractions are dropped, so every index above -1 becomes at least 0.
    const double low = each.decode.offset - each.decode.divisor;
    const double high = each.decode.offset + each.decode.divisor * static_cast<double>(each.count);
    for (int64_t row = begin; row < end; ++row) {
      const TensorView x = sample_view(batch, each.input, each.sample, row);
      const int64_t at = first_outside(x, std::min(low, high), std::max(low, high));
      if (at < 0) continue;
      throw Error({.where = sample_of(batch, row) + ", layer \"" + each.layer + "\"",
                   .what = "index out of range",
                   .expected = "0 … " + std::to_string(each.count - 1) + ", as input_dim is " +
                               std::to_string(each.count),
                   .found = shortest(x.at(at))});
    }
  }
}

}  // namespace cornu::inline v0
