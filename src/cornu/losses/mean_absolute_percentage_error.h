#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// Errors in percent of the targets: 100 · mean_j |y_pred − y_true| / max(|y_true|, 1e-7) along the
/// last axis. Shapes: (None, …, n) both; (None,) targets go with (None, 1), else an Error. Its
/// other names: "mape", "MAPE".
class CORNU_API MeanAbsolutePercentageError final : public Loss {
 public:
  static constexpr std::string_view kName = "mean_absolute_percentage_error";
  using Options = NoLossOptions;
  explicit MeanAbsolutePercentageError(NoLossOptions = {});
};

}  // namespace cornu::inline v0
