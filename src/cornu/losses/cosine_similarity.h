#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// Minus the cosine of the angle between targets and outputs: −Σ_j y_true/‖y_true‖ ·
/// y_pred/‖y_pred‖ along the last axis, −1 where both point the same way, 1 where they are opposed.
/// Norms are Euclidean and at least 1e-7. Shapes: (None, …, n) both, else an Error.
class CORNU_API CosineSimilarity final : public Loss {
 public:
  static constexpr std::string_view kName = "cosine_similarity";
  using Options = NoLossOptions;
  explicit CosineSimilarity(NoLossOptions = {});
};

}  // namespace cornu::inline v0
