#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cornu/metrics/metric.h"
#include "cornu/plan/plan.h"
#include "cornu/training/batch_results.h"
#include "cornu/training/counted.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// Losses and metrics of the samples so far, counted over samples in float64.
class EpochCounts {
 public:
  /// `counted`, and `spec` of the batches, must outlive it.
  EpochCounts(const Counted& counted, const Spec& spec, const Plan& plan);

  /// Adds the batch that a step was just run on.
  void add(const BatchResults& results);
  /// Sets the loss, the loss of each output, then the metrics.
  void log(Logs& logs) const;

  /// Whether each metric has a state.
  bool has_state() const;
  /// The slots of which it asks for values.
  Slots slots() const;
  /// All sums as numbers, for resume(). Error that names a metric without a state.
  std::vector<double> state() const;
  /// Continues with the sums of another fit. Error for those of other losses or metrics.
  void resume(std::span<const double> state);

 private:
  struct LossSum {
    double sum = 0;
    int64_t values = 0;
    double mean() const { return values == 0 ? 0 : sum / static_cast<double>(values); }
  };

  const Counted& counted_;
  const Spec& spec_;
  const Plan& plan_;
  std::vector<std::unique_ptr<MetricCounter>> counters_;
  std::vector<LossSum> losses_;  ///< of each term of the plan
  double penalties_ = 0;         ///< sum over steps of the penalty times the step's rows
  int64_t rows_ = 0;
};

}  // namespace cornu::inline v0
