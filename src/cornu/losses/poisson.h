#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The negative log-likelihood of counts, except for a term of y_true alone: mean_j (y_pred −
/// y_true·log(y_pred + 1e-7)) along the last axis. Outputs are rates, at least 0. Shapes: (None, …,
/// n) both; (None,) targets go with (None, 1), else an Error.
class CORNU_API Poisson final : public Loss {
 public:
  static constexpr std::string_view kName = "poisson";
  using Options = NoLossOptions;
  explicit Poisson(NoLossOptions = {});
};

}  // namespace cornu::inline v0
