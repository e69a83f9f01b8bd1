#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "cornu/losses/loss.h"
#include "cornu/metrics/metric_with.h"

namespace cornu::inline v0 {

/// What a metric that averages a loss is, besides its name.
struct MeanOfLoss {
  Loss loss;
  std::string_view unit;
  bool negated = false;  ///< whether it is minus the mean, and larger is better
  int64_t axis = -1;     ///< the axis along which the loss is computed, which must be the last
  bool classes = false;  ///< whether outputs along it are classes, at least two
};

/// Counts the mean of a loss's values.
std::unique_ptr<MetricCounter> mean_counter(const MeanOfLoss& mean);

/// Error, which names the metric, when its loss cannot be computed of such targets and outputs.
void check_mean(std::string_view metric, const MeanOfLoss& mean, const Field& target,
                const Shape& y_pred);

/// A metric of class M that is the mean of a loss's values over the samples.
template <class M>
class MeanOfLossDescription final : public MetricWith<M> {
 public:
  MeanOfLossDescription(typename M::Options given, MeanOfLoss mean)
      : MetricWith<M>(std::move(given)), mean_(std::move(mean)) {}
  std::string_view unit() const override { return mean_.unit; }
  bool higher_is_better() const override { return mean_.negated; }
  std::optional<Loss> loss() const override { return mean_.loss; }
  TargetDomain domain() const override { return mean_.loss->domain(); }
  void check(const Field& target, const Shape& y_pred) const override {
    check_mean(this->name(), mean_, target, y_pred);
  }
  std::unique_ptr<MetricCounter> counter() const override { return mean_counter(mean_); }

 private:
  MeanOfLoss mean_;
};

}  // namespace cornu::inline v0
