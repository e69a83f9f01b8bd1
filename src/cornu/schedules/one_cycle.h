#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct OneCycleOptions {
  double max_learning_rate = 0.01;  ///< largest rate, ≥ 0
  int64_t total_steps = 1000;       ///< steps of the whole cycle, > 0
  double warmup_fraction = 0.3;     ///< fraction of the steps in which the rate rises, 0 to 1
  double div_factor = 25;           ///< the first rate is max_learning_rate / div_factor, ≥ 1
  double final_div_factor = 1e4;    ///< the last rate is the first one / final_div_factor, ≥ 1

  static void visit_fields(auto& self, auto& v) {
    v("max_learning_rate", self.max_learning_rate);
    v("total_steps", self.total_steps);
    v("warmup_fraction", self.warmup_fraction);
    v("div_factor", self.div_factor);
    v("final_div_factor", self.final_div_factor);
  }
};

/// One cycle of total_steps (Smith and Topin 2018): half a cosine from max_learning_rate /
/// div_factor up to max_learning_rate over warmup_fraction of the steps, and half a cosine down to
/// the first rate / final_div_factor over the rest, where it stays. Error for negative numbers,
/// divisors of 0, a fraction above 1 and total_steps below 1.
class CORNU_API OneCycle final : public LearningRate {
 public:
  static constexpr std::string_view kName = "OneCycle";
  using Options = OneCycleOptions;
  explicit OneCycle(OneCycleOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit OneCycle(double max_learning_rate, int64_t total_steps = 1000)
      : OneCycle(
            OneCycleOptions{.max_learning_rate = max_learning_rate, .total_steps = total_steps}) {}
};

}  // namespace cornu::inline v0
