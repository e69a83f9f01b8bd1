#include "cornu/optimizers/adamax.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class AdamaxDescription final : public OptimizerWith<Adamax> {
 public:
  explicit AdamaxDescription(AdamaxOptions given) : OptimizerWith(given) {
    check_update_options("Adamax", options.learning_rate, update_options());
    require_within("Adamax", "beta_1", options.beta_1, 0, kBelowOne);
    require_within("Adamax", "beta_2", options.beta_2, 0, kBelowOne);
    require_at_least("Adamax", "epsilon", options.epsilon, 0);
  }

  StateOrder state_order() const override {
    return {.by_weight = {"momentum", "norm"},
            .powers = {{"beta_1_power", ops::as_float32(options.beta_1)}}};
  }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    const kernels::UpdateRule rule = {.kind = kernels::UpdateRule::adamax,
                                      .beta_1 = options.beta_1,
                                      .beta_2 = options.beta_2,
                                      .epsilon = options.epsilon};
    const SlotId power = b.state("beta_1_power", {1}, 1, DType::float64);
    const SlotId rate = step_numbers(b, ops::RuleStep{rule}, {power});
    b.update(ops::RuleUpdate{rule}, {dw, rate}, {w, state(b, w, "momentum"), state(b, w, "norm")});
  }
};

}  // namespace

Adamax::Adamax(AdamaxOptions options) : Optimizer(std::make_shared<AdamaxDescription>(options)) {}

}  // namespace cornu::inline v0
