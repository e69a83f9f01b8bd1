#pragma once

#include <utility>

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct WarmUpOptions {
  LearningRate learning_rate = 0.01;  ///< rate after the warm-up: a number or a schedule, ≥ 0
  int64_t warmup_steps = 1000;        ///< steps of the warm-up, ≥ 0
  double initial_learning_rate = 0;   ///< rate at step 0, ≥ 0

  static void visit_fields(auto& self, auto& v) {
    v("learning_rate", self.learning_rate);
    v("warmup_steps", self.warmup_steps);
    v("initial_learning_rate", self.initial_learning_rate);
  }
};

/// A line from initial_learning_rate to learning_rate over warmup_steps (Goyal et al. 2017),
/// initial + (rate − initial)·step/warmup_steps, and learning_rate afterwards; if that is a
/// schedule, it begins at its step 0 then. Error for negative numbers.
class CORNU_API WarmUp final : public LearningRate {
 public:
  static constexpr std::string_view kName = "WarmUp";
  using Options = WarmUpOptions;
  explicit WarmUp(WarmUpOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit WarmUp(LearningRate learning_rate, int64_t warmup_steps = 1000)
      : WarmUp(WarmUpOptions{.learning_rate = std::move(learning_rate),
                             .warmup_steps = warmup_steps}) {}
};

}  // namespace cornu::inline v0
