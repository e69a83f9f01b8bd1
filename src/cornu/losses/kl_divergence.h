#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// How far outputs are from a distribution (Kullback and Leibler 1951): Σ_j y_true·log(y_true /
/// y_pred) along the last axis, both clipped to [1e-7, 1]: an output outside has no gradient.
/// Shapes: (None, …, classes) both, else an Error. Its other names: "kld", "KLD".
class CORNU_API KLDivergence final : public Loss {
 public:
  static constexpr std::string_view kName = "kl_divergence";
  using Options = NoLossOptions;
  explicit KLDivergence(NoLossOptions = {});
};

}  // namespace cornu::inline v0
