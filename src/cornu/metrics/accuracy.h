#pragma once

#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {

/// The fraction of samples whose largest output is the target's class: for integer labels the
/// label, for one-hot rows their largest element; ties go to the lower index. y_pred (None,
/// classes).
class CORNU_API Accuracy final : public Metric {
 public:
  Accuracy();
};

}  // namespace cornu::inline v0
