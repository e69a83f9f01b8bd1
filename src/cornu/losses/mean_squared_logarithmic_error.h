#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The mean of squared differences of logarithms: mean_j (log(1 + y_pred) − log(1 + y_true))² along
/// the last axis, both raised to at least 1e-7 first: an output below it has no gradient. Shapes:
/// (None, …, n) both; (None,) targets go with (None, 1), else an Error. Its other names: "msle",
/// "MSLE".
class CORNU_API MeanSquaredLogarithmicError final : public Loss {
 public:
  static constexpr std::string_view kName = "mean_squared_logarithmic_error";
  using Options = NoLossOptions;
  explicit MeanSquaredLogarithmicError(NoLossOptions = {});
};

}  // namespace cornu::inline v0
