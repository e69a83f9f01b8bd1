#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// About half the square of a small error, and the magnitude of a large one minus log 2: mean_j log
/// cosh(y_pred − y_true) along the last axis. Shapes: (None, …, n) both; (None,) targets go with
/// (None, 1), else an Error.
class CORNU_API LogCosh final : public Loss {
 public:
  static constexpr std::string_view kName = "log_cosh";
  using Options = NoLossOptions;
  explicit LogCosh(NoLossOptions = {});
};

}  // namespace cornu::inline v0
