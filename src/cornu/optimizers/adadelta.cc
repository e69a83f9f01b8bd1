#include "cornu/optimizers/adadelta.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class AdadeltaDescription final : public OptimizerWith<Adadelta> {
 public:
  explicit AdadeltaDescription(AdadeltaOptions given) : OptimizerWith(given) {
    check_update_options("Adadelta", options.learning_rate, update_options());
    require_within("Adadelta", "rho", options.rho, 0, 1);
    require_at_least("Adadelta", "epsilon", options.epsilon, 0);
  }

  StateOrder state_order() const override {
    return {.by_weight = {"accumulated_grad", "accumulated_delta_var"}};
  }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    b.update(ops::RuleUpdate{{.kind = kernels::UpdateRule::adadelta,
                              .beta_1 = options.rho,
                              .epsilon = options.epsilon}},
             {dw}, {w, state(b, w, "accumulated_grad"), state(b, w, "accumulated_delta_var")});
  }
};

}  // namespace

Adadelta::Adadelta(AdadeltaOptions options)
    : Optimizer(std::make_shared<AdadeltaDescription>(options)) {}

}  // namespace cornu::inline v0
