#pragma once

#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

struct CosineDecayRestartsOptions {
  double initial_learning_rate = 0.01;
  int64_t first_decay_steps = 1000;
  double t_mul = 2;
  double m_mul = 1;
  double alpha = 0;

  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
    v("first_decay_steps", self.first_decay_steps);
    v("t_mul", self.t_mul);
    v("m_mul", self.m_mul);
    v("alpha", self.alpha);
  }
};

/// Half a cosine down to alpha times the rate, again and again: the i-th takes
/// first_decay_steps·t_mulⁱ steps and begins at initial_learning_rate·m_mulⁱ (Loshchilov and Hutter
/// 2016). Keras has no defaults for its first two. Error for negative numbers, a t_mul below 1 and
/// first_decay_steps below 1.
class CORNU_API CosineDecayRestarts final : public LearningRate {
 public:
  static constexpr std::string_view kName = "CosineDecayRestarts";
  using Options = CosineDecayRestartsOptions;
  explicit CosineDecayRestarts(CosineDecayRestartsOptions options = {});
};

}  // namespace cornu::inline v0
