#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The output of the target's class should be larger by 1 than every other (Crammer and Singer
/// 2001): max(max_j (1 − y_true)·y_pred − Σ_j y_true·y_pred + 1, 0) along the last axis. Shapes:
/// (None, …, classes) both, else an Error.
class CORNU_API CategoricalHinge final : public Loss {
 public:
  static constexpr std::string_view kName = "categorical_hinge";
  using Options = NoLossOptions;
  explicit CategoricalHinge(NoLossOptions = {});
};

}  // namespace cornu::inline v0
