#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

struct HuberOptions {
  double delta = 1;  ///< error from which the loss grows linearly, > 0

  static void visit_fields(auto& self, auto& v) { v("delta", self.delta); }
};

/// Squares of small errors, magnitudes of large ones (Huber 1964): mean_j of d²/2 where |d| <=
/// delta and delta·(|d| − delta/2) elsewhere, d = y_pred − y_true, along the last axis. Shapes:
/// (None, …, n) both; (None,) targets go with (None, 1), else an Error, as for a delta that is not
/// above 0.
class CORNU_API Huber final : public Loss {
 public:
  static constexpr std::string_view kName = "huber";
  using Options = HuberOptions;
  explicit Huber(HuberOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit Huber(double delta) : Huber(HuberOptions{.delta = delta}) {}
};

}  // namespace cornu::inline v0
