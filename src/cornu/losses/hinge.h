#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// Outputs should be beyond 1 on the side of their target: mean_j max(1 − y_true·y_pred, 0) along
/// the last axis, targets −1 or 1; a target 0 counts as −1. Shapes: (None, …, n) both; (None,)
/// targets go with (None, 1), else an Error.
class CORNU_API Hinge final : public Loss {
 public:
  static constexpr std::string_view kName = "hinge";
  using Options = NoLossOptions;
  explicit Hinge(NoLossOptions = {});
};

}  // namespace cornu::inline v0
