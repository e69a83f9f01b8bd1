#include "cornu/training/epoch_counts.h"

#include <algorithm>
#include <cmath>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

// One addition per value, in order: the sum does not depend on the batches.
void add_losses(std::span<const float> losses, double& sum) {
  for (const float loss : losses) sum += static_cast<double>(loss);
}

// All losses of a row times the row's weight.
void add_losses(std::span<const float> losses, std::span<const float> weights, double& sum) {
  const size_t each = losses.size() / weights.size();
  for (size_t row = 0; row < weights.size(); ++row) {
    const auto weight = static_cast<double>(weights[row]);
    for (const float loss : losses.subspan(row * each, each)) {
      sum += weight * static_cast<double>(loss);
    }
  }
}

}  // namespace

EpochCounts::EpochCounts(const Counted& counted, const Spec& spec, const Plan& plan)
    : counted_(counted), spec_(spec), plan_(plan), losses_(plan.losses.size()) {
  for (const OutputMetric& each : counted.metrics) counters_.push_back(each.metric->counter());
}

Slots EpochCounts::slots() const {
  Slots all = plan_.penalties;
  for (const LossTerm& term : plan_.losses) all.push_back(term.per_row);
  for (const SlotId values : plan_.metric_losses) {
    if (values != kNone) all.push_back(values);
  }
  for (const OutputMetric& each : counted_.metrics) all.push_back(plan_.outputs[each.output]);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());  // clang 14 has no ranges::unique
  return all;
}

void EpochCounts::add(const BatchResults& results) {
  const auto weights_of = [&](size_t output) -> TensorView {
    if (results.weights() == 0) return {};
    return results.weight(results.weights() == 1 ? 0 : output);
  };
  for (size_t i = 0; i < losses_.size(); ++i) {
    const LossTerm& term = plan_.losses[i];
    const TensorView losses = results.value(term.per_row);
    if (term.sample_weight == kNone) {
      add_losses(losses.span<float>(), losses_[i].sum);
    } else {
      add_losses(losses.span<float>(), weights_of(term.output).span<float>(), losses_[i].sum);
    }
    losses_[i].values += losses.size();
  }
  for (const SlotId penalty : plan_.penalties) {
    penalties_ += results.value(penalty).at(0) * static_cast<double>(results.rows());
  }
  rows_ += results.rows();
  const auto loss_of_metric = [&](size_t metric) -> TensorView {
    const SlotId values = metric < plan_.metric_losses.size() ? plan_.metric_losses[metric] : kNone;
    return values == kNone ? TensorView() : results.value(values);
  };
  for (size_t i = 0; i < counters_.size(); ++i) {
    const OutputMetric& each = counted_.metrics[i];
    const size_t output = each.output;
    counters_[i]->update({.y_true = results.y(output),
                          .target = &spec_.y[output],
                          .y_pred = results.value(plan_.outputs[output]),
                          .sample_weight = each.weighted ? weights_of(output) : TensorView(),
                          .losses = loss_of_metric(i)});
  }
}

bool EpochCounts::has_state() const {
  return std::ranges::all_of(counters_, [](const auto& each) { return each->state().has_value(); });
}

// Each metric's state comes after the number of its numbers.
std::vector<double> EpochCounts::state() const {
  std::vector<double> numbers;
  for (const LossSum& each : losses_) {
    numbers.insert(numbers.end(), {each.sum, static_cast<double>(each.values)});
  }
  numbers.insert(numbers.end(), {penalties_, static_cast<double>(rows_)});
  for (size_t i = 0; i < counters_.size(); ++i) {
    const auto of_metric = counters_[i]->state();
    if (!of_metric) {
      throw Error({.where = "metric " + counted_.metrics[i].name,
                   .what = "has no state(), so a fit cannot be resumed within an epoch",
                   .hint = "write checkpoints between epochs, or give its counter a state"});
    }
    numbers.push_back(static_cast<double>(of_metric->size()));
    numbers.insert(numbers.end(), of_metric->begin(), of_metric->end());
  }
  return numbers;
}

namespace {

/// Reads the numbers of a state one after the other.
class StateReader {
 public:
  explicit StateReader(std::span<const double> numbers) : left_(numbers) {}

  double number() { return numbers(1)[0]; }
  /// A number that counts something.
  int64_t count() {
    constexpr double kMost = 9007199254740992.0;  // 2⁵³
    const double value = number();
    if (!(value >= 0 && value <= kMost) || value != std::floor(value)) throw damaged();
    return static_cast<int64_t>(value);
  }
  std::span<const double> numbers(size_t size) {
    if (size > left_.size()) throw damaged();
    const auto first = left_.first(size);
    left_ = left_.subspan(size);
    return first;
  }
  void require_end() const {
    if (!left_.empty()) throw damaged();
  }

 private:
  static Error damaged() {
    return Error(
        {.kind = ErrorKind::corrupt,
         .where = "the state of a fit",
         .what = "the sums of its epoch are not those of this model's losses and metrics"});
  }

  std::span<const double> left_;
};

}  // namespace

void EpochCounts::resume(std::span<const double> state) {
  StateReader in(state);
  for (LossSum& each : losses_) {
    each.sum = in.number();
    each.values = in.count();
  }
  penalties_ = in.number();
  rows_ = in.count();
  for (const auto& each : counters_) each->set_state(in.numbers(static_cast<size_t>(in.count())));
  in.require_end();
}

void EpochCounts::log(Logs& logs) const {
  double total = 0;
  for (size_t i = 0; i < losses_.size(); ++i) total += plan_.losses[i].weight * losses_[i].mean();
  if (rows_ > 0) total += penalties_ / static_cast<double>(rows_);
  logs.set("loss", total);
  if (!counted_.loss_names.empty()) {
    for (size_t i = 0; i < losses_.size(); ++i) {
      logs.set(counted_.loss_names[plan_.losses[i].output], losses_[i].mean());
    }
  }
  for (size_t i = 0; i < counters_.size(); ++i) {
    logs.set(counted_.metrics[i].name, counters_[i]->result());
  }
}

}  // namespace cornu::inline v0
