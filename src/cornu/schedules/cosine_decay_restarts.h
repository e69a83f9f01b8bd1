#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct CosineDecayRestartsOptions {
  /// Rate at step 0, ≥ 0.
  double initial_learning_rate = 0.01;
  /// Steps of the first period, > 0.
  int64_t first_decay_steps = 1000;
  /// Each period is this many times as long as the one before, ≥ 1.
  double t_mul = 2;
  /// First rate of each period as a fraction of the first rate of the one before, ≥ 0.
  double m_mul = 1;
  /// Smallest rate as a fraction of the largest one, ≥ 0.
  double alpha = 0;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("first_decay_steps", self.first_decay_steps);
    v("t_mul", self.t_mul);
    v("m_mul", self.m_mul);
    v("alpha", self.alpha);
  }
};

/// Half a cosine down to alpha · initial_learning_rate, again and again: the i-th one takes
/// first_decay_steps·t_mulⁱ steps and begins at initial_learning_rate·m_mulⁱ (Loshchilov and Hutter
/// 2016). Keras has no defaults for the first two options. Error for negative numbers, a t_mul
/// below 1 and first_decay_steps below 1.
class CORNU_API CosineDecayRestarts final : public LearningRate {
 public:
  static constexpr std::string_view kName = "CosineDecayRestarts";
  using Options = CosineDecayRestartsOptions;
  explicit CosineDecayRestarts(CosineDecayRestartsOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit CosineDecayRestarts(double initial_learning_rate, int64_t first_decay_steps = 1000)
      : CosineDecayRestarts(
            CosineDecayRestartsOptions{.initial_learning_rate = initial_learning_rate,
                                       .first_decay_steps = first_decay_steps}) {}
};

}  // namespace cornu::inline v0
