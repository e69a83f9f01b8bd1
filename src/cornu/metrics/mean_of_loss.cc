#include "cornu/metrics/mean_of_loss.h"

#include <cstddef>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/metrics/truth.h"
#include "cornu/plan/check_batch.h"
#include "cornu/plan/executor.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {
namespace {

/// A loss of batches that no plan has computed, in float64.
class LossAlone {
 public:
  explicit LossAlone(Loss loss) : loss_(std::move(loss)) {}

  /// One value per row, or several; valid until the next call.
  TensorView values(const Outcome& outcome) {
    const int64_t rows = outcome.y_pred.shape()[0];
    if (executor_ == nullptr || !fits(outcome)) prepare(outcome);
    std::memcpy(batch_.x[0].data(), outcome.y_pred.data(), outcome.y_pred.nbytes());
    std::memcpy(batch_.y[0].data(), outcome.y_true.data(), outcome.y_true.nbytes());
    batch_.rows = rows;
    (*check_)(batch_, 0, rows);
    executor_->run(batch_, {}, *workspace_);
    return executor_->value(executor_->plan().losses[0].per_row, *workspace_, rows);
  }

 private:
  static Spec spec_of(const Outcome& outcome) {
    Field target = *outcome.target;
    target.encoding.dtype = outcome.y_true.dtype();
    return {.x = {{outcome.y_pred.shape().without_rows(), {.dtype = outcome.y_pred.dtype()}}},
            .y = {target},
            .size = outcome.y_pred.shape()[0]};
  }
  bool fits(const Outcome& outcome) const {
    const auto same = [](const Field& a, const Field& b) {
      return a.shape == b.shape && a.encoding == b.encoding;
    };
    const Spec spec = spec_of(outcome);
    return spec.size <= spec_.size && same(spec.x[0], spec_.x[0]) && same(spec.y[0], spec_.y[0]);
  }
  void prepare(const Outcome& outcome) {
    spec_ = spec_of(outcome);
    Plan plan = make_loss_plan(
        loss_, spec_, {.mode = Mode::evaluate, .capacity = spec_.size, .real = DType::float64});
    check_.emplace(plan, spec_);
    executor_ = make_reference_executor<double>(std::move(plan),
                                                [](const Slot&) -> std::byte* { return nullptr; });
    workspace_ = executor_->make_workspace();
    batch_ = make_batch(spec_, spec_.size);
    ids_.resize(static_cast<size_t>(spec_.size));
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
    batch_.sample = ids_;
  }

  Loss loss_;
  Spec spec_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Workspace> workspace_;
  std::optional<BatchCheck> check_;
  std::vector<uint64_t> ids_;
  Batch batch_;
};

class MeanOfLossCounter final : public MetricCounter {
 public:
  explicit MeanOfLossCounter(const MeanOfLoss& mean) : alone_(mean.loss), negated_(mean.negated) {}

  void update(const Outcome& outcome) override {
    const TensorView losses =
        outcome.losses.data() == nullptr ? alone_.values(outcome) : outcome.losses;
    const int64_t each = losses.size() / outcome.y_pred.shape()[0];
    const bool weighted = outcome.sample_weight.data() != nullptr;
    for (int64_t i = 0; i < losses.size(); ++i) {
      mean_.add(losses.at(i), weighted ? outcome.sample_weight.at(i / each) : 1);
    }
  }
  double result() const override { return negated_ ? 0 - mean_.result() : mean_.result(); }
  void reset() override { mean_.reset(); }
  std::optional<std::vector<double>> state() const override { return mean_.state(); }
  void set_state(std::span<const double> state) override { mean_.set_state(state); }

 private:
  LossAlone alone_;
  bool negated_;
  WeightedMean mean_;
};

}  // namespace

std::unique_ptr<MetricCounter> mean_counter(const MeanOfLoss& mean) {
  return std::make_unique<MeanOfLossCounter>(mean);
}

void check_mean(std::string_view metric, const MeanOfLoss& mean, const Field& target,
                const Shape& y_pred) {
  const std::string where = "metric " + std::string(metric);
  if (mean.axis != -1 && mean.axis != y_pred.ndim() - 1) {
    throw Error({.where = where,
                 .field = "axis",
                 .expected = "the last axis of outputs " + y_pred.str() + ", -1",
                 .found = "axis " + std::to_string(mean.axis)});
  }
  if (mean.classes && y_pred.ndim() > 1) {
    check_columns(metric, y_pred, "for a single output, use binary_crossentropy");
  }
  try {
    mean.loss->check(target, y_pred);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.where = where;
    throw Error(parts);
  }
}

}  // namespace cornu::inline v0
