#pragma once

#include <optional>
#include <vector>

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct CosineDecayOptions {
  /// Rate at step 0, ≥ 0.
  double initial_learning_rate = 0.01;
  /// Steps from the warm-up's end to the smallest rate, > 0.
  int64_t decay_steps = 1000;
  /// Smallest rate as a fraction of the largest one, ≥ 0.
  double alpha = 0;
  /// Rate at the end of the warm-up; none: no warm-up.
  std::optional<double> warmup_target = {};
  /// Steps of the warm-up, ≥ 0.
  int64_t warmup_steps = 0;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("decay_steps", self.decay_steps);
    v("alpha", self.alpha);
    v("warmup_target", self.warmup_target);
    v("warmup_steps", self.warmup_steps);
  }
};

/// Half a cosine from initial_learning_rate down to alpha times it over decay_steps (Loshchilov and
/// Hutter 2016). With a warmup_target, the rate first goes linearly from initial_learning_rate to
/// warmup_target over warmup_steps, and the cosine starts from there. Keras has no defaults for the
/// first two options. Error for negative numbers, and decay_steps below 1.
class CORNU_API CosineDecay final : public LearningRate {
 public:
  static constexpr std::string_view kName = "CosineDecay";
  using Options = CosineDecayOptions;
  explicit CosineDecay(CosineDecayOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit CosineDecay(double initial_learning_rate, int64_t decay_steps = 1000)
      : CosineDecay(CosineDecayOptions{.initial_learning_rate = initial_learning_rate,
                                       .decay_steps = decay_steps}) {}
};

}  // namespace cornu::inline v0
