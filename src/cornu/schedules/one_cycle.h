#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct OneCycleOptions {
  double max_learning_rate = 0.01;
  int64_t total_steps = 1000;
  double warmup_fraction = 0.3;
  double div_factor = 25;
  double final_div_factor = 1e4;

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
};

}  // namespace cornu::inline v0
