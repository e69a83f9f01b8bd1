#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The square of the hinge: mean_j max(1 − y_true·y_pred, 0)² along the last axis, targets −1 or 1;
/// a target 0 counts as −1. Shapes: (None, …, n) both; (None,) targets go with (None, 1), else an
/// Error.
class CORNU_API SquaredHinge final : public Loss {
 public:
  static constexpr std::string_view kName = "squared_hinge";
  using Options = NoLossOptions;
  explicit SquaredHinge(NoLossOptions = {});
};

}  // namespace cornu::inline v0
