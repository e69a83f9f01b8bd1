#include "cornu/optimizers/adagrad.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class AdagradDescription final : public OptimizerWith<Adagrad> {
 public:
  explicit AdagradDescription(AdagradOptions given) : OptimizerWith(given) {
    check_update_options("Adagrad", options.learning_rate, update_options());
    require_at_least("Adagrad", "initial_accumulator_value", options.initial_accumulator_value, 0);
    require_at_least("Adagrad", "epsilon", options.epsilon, 0);
  }

  StateOrder state_order() const override { return {.by_state = {"accumulator"}}; }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    b.update(ops::RuleUpdate{{.kind = kernels::UpdateRule::adagrad, .epsilon = options.epsilon}},
             {dw}, {w, state(b, w, "accumulator", options.initial_accumulator_value)});
  }
};

}  // namespace

Adagrad::Adagrad(AdagradOptions options)
    : Optimizer(std::make_shared<AdagradDescription>(options)) {}

}  // namespace cornu::inline v0
