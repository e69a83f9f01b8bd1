#include "cornu/metrics/hinge.h"

#include <memory>
#include <utility>

#include "cornu/losses/categorical_hinge.h"
#include "cornu/losses/hinge.h"
#include "cornu/losses/squared_hinge.h"
#include "cornu/metrics/mean_of_loss.h"

namespace cornu::inline v0::metrics {

Hinge::Hinge(MetricOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<Hinge>>(
          std::move(options), MeanOfLoss{v0::Hinge(), "distance from the margin"})) {}

SquaredHinge::SquaredHinge(MetricOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<SquaredHinge>>(
          std::move(options),
          MeanOfLoss{v0::SquaredHinge(), "distance from the margin, squared"})) {}

CategoricalHinge::CategoricalHinge(MetricOptions options)
    : Metric(std::make_shared<MeanOfLossDescription<CategoricalHinge>>(
          std::move(options), MeanOfLoss{v0::CategoricalHinge(), "distance from the margin"})) {}

}  // namespace cornu::inline v0::metrics
