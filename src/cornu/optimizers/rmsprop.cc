#include "cornu/optimizers/rmsprop.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class RMSpropDescription final : public OptimizerWith<RMSprop> {
 public:
  explicit RMSpropDescription(RMSpropOptions given) : OptimizerWith(given) {
    check_update_options("RMSprop", options.learning_rate, update_options());
    require_within("RMSprop", "rho", options.rho, 0, 1);
    require_within("RMSprop", "momentum", options.momentum, 0, 1);
    require_at_least("RMSprop", "epsilon", options.epsilon, 0);
  }

  StateOrder state_order() const override {
    StateOrder order{.by_state = {"velocity"}};
    if (options.momentum > 0) order.by_state.emplace_back("momentum");
    if (options.centered) order.by_state.emplace_back("average_gradient");
    return order;
  }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    Slots out = {w, state(b, w, "velocity")};
    if (options.momentum > 0) out.push_back(state(b, w, "momentum"));
    if (options.centered) out.push_back(state(b, w, "average_gradient"));
    b.update(ops::RuleUpdate{{.kind = kernels::UpdateRule::rmsprop,
                              .beta_1 = options.rho,
                              .epsilon = options.epsilon,
                              .momentum = options.momentum,
                              .centered = options.centered}},
             {dw}, out);
  }
};

}  // namespace

RMSprop::RMSprop(RMSpropOptions options)
    : Optimizer(std::make_shared<RMSpropDescription>(options)) {}

}  // namespace cornu::inline v0
