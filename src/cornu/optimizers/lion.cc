#include "cornu/optimizers/lion.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class LionDescription final : public OptimizerWith<Lion> {
 public:
  explicit LionDescription(LionOptions given) : OptimizerWith(given) {
    check_update_options("Lion", options.learning_rate, update_options());
    require_within("Lion", "beta_1", options.beta_1, 0, 1);
    require_within("Lion", "beta_2", options.beta_2, 0, 1);
  }

  StateOrder state_order() const override { return {.by_state = {"momentum"}}; }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    b.update(ops::RuleUpdate{{.kind = kernels::UpdateRule::lion,
                              .beta_1 = options.beta_1,
                              .beta_2 = options.beta_2}},
             {dw}, {w, state(b, w, "momentum")});
  }
};

}  // namespace

Lion::Lion(LionOptions options) : Optimizer(std::make_shared<LionDescription>(options)) {}

}  // namespace cornu::inline v0
