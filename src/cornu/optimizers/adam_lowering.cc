#include "cornu/optimizers/adam_lowering.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {

void check_adam(const char* where, const AdamNumbers& numbers) {
  require_within(where, "beta_1", numbers.beta_1, 0, kBelowOne);
  require_within(where, "beta_2", numbers.beta_2, 0, kBelowOne);
  require_at_least(where, "epsilon", numbers.epsilon, 0);
}

StateOrder order_of_adam(const AdamNumbers& numbers) {
  StateOrder order{.by_weight = {"m", "v"},
                   .powers = {{"beta_1_power", ops::as_float32(numbers.beta_1)},
                              {"beta_2_power", ops::as_float32(numbers.beta_2)}}};
  if (numbers.amsgrad) order.by_state = {"v_hat"};
  return order;
}

void lower_adam(const AdamNumbers& numbers, Builder& b, SlotId w, SlotId dw) {
  // The corrected step size, computed once per step and read by every weight's update.
  const SlotId power_1 = b.state("beta_1_power", {1}, 1, DType::float64);
  const SlotId power_2 = b.state("beta_2_power", {1}, 1, DType::float64);
  const SlotId alpha =
      step_numbers(b, ops::AdamStep{numbers.beta_1, numbers.beta_2}, {power_1, power_2});
  const auto of = b.scope(b.slot(w).name);
  const Shape shape = b.slot(w).shape;
  const SlotId m = b.state("m", shape);
  const SlotId v = b.state("v", shape);
  if (!numbers.amsgrad) {
    b.update(ops::AdamUpdate{numbers.beta_1, numbers.beta_2, numbers.epsilon}, {dw, alpha},
             {w, m, v});
    return;
  }
  b.update(ops::RuleUpdate{{.kind = kernels::UpdateRule::amsgrad,
                            .beta_1 = numbers.beta_1,
                            .beta_2 = numbers.beta_2,
                            .epsilon = numbers.epsilon}},
           {dw, alpha}, {w, m, v, b.state("v_hat", shape)});
}

}  // namespace cornu::inline v0
