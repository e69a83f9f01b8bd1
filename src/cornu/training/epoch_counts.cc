#include "cornu/training/epoch_counts.h"

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

void EpochCounts::add(const Executor& executor, const Workspace& workspace, const Batch& batch) {
  const auto weights_of = [&](size_t output) -> TensorView {
    if (batch.weights.empty()) return {};
    const size_t which = batch.weights.size() == 1 ? 0 : output;
    return batch.weights[which].view().rows(0, batch.rows);
  };
  for (size_t i = 0; i < losses_.size(); ++i) {
    const LossTerm& term = plan_.losses[i];
    const TensorView losses = executor.value(term.per_row, workspace, batch.rows);
    if (term.sample_weight == kNone) {
      add_losses(losses.span<float>(), losses_[i].sum);
    } else {
      add_losses(losses.span<float>(), weights_of(term.output).span<float>(), losses_[i].sum);
    }
    losses_[i].values += losses.size();
  }
  for (const SlotId penalty : plan_.penalties) {
    penalties_ +=
        executor.value(penalty, workspace, batch.rows).at(0) * static_cast<double>(batch.rows);
  }
  rows_ += batch.rows;
  for (size_t i = 0; i < counters_.size(); ++i) {
    const OutputMetric& each = counted_.metrics[i];
    const size_t output = each.output;
    counters_[i]->update({.y_true = batch.y[output].view().rows(0, batch.rows),
                          .target = &spec_.y[output],
                          .y_pred = executor.value(plan_.outputs[output], workspace, batch.rows),
                          .sample_weight = each.weighted ? weights_of(output) : TensorView()});
  }
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
