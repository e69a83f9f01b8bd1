#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The mean of errors' squares: mean_j (y_pred − y_true)² along the last axis. Shapes: (None, …, n)
/// both; (None,) targets go with (None, 1), else an Error. Its other names: "mse", "MSE".
class CORNU_API MeanSquaredError final : public Loss {
 public:
  static constexpr std::string_view kName = "mean_squared_error";
  using Options = NoLossOptions;
  explicit MeanSquaredError(NoLossOptions = {});
};

}  // namespace cornu::inline v0
