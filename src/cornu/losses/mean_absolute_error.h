#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The mean of errors' magnitudes: mean_j |y_pred − y_true| along the last axis; its gradient where
/// they are equal is 0. Shapes: (None, …, n) both; (None,) targets go with (None, 1), else an
/// Error. Its other names: "mae", "MAE".
class CORNU_API MeanAbsoluteError final : public Loss {
 public:
  static constexpr std::string_view kName = "mean_absolute_error";
  using Options = NoLossOptions;
  explicit MeanAbsoluteError(NoLossOptions = {});
};

}  // namespace cornu::inline v0
