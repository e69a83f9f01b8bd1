#pragma once

#include "bindings.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"

namespace cornu::python {

/// From a name, a part, or a Python function of (y_true, y_pred), which takes and returns
/// expressions for a loss, and arrays for a metric.
Loss loss_from(nb::handle given);
Metric metric_from(nb::handle given);

}  // namespace cornu::python
