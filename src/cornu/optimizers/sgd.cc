#include "cornu/optimizers/sgd.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class SGDDescription final : public OptimizerWith<SGD> {
 public:
  explicit SGDDescription(SGDOptions given) : OptimizerWith(given) {
    check_update_options("SGD", options.learning_rate, update_options());
    require_within("SGD", "momentum", options.momentum, 0, 1);
  }

  StateOrder state_order() const override {
    if (options.momentum == 0) return {.unused = {"velocity"}};
    return {.by_state = {"velocity"}};
  }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    Slots out = {w};
    if (options.momentum > 0) out.push_back(state(b, w, "velocity"));
    b.update(ops::SgdUpdate{options.momentum, options.nesterov}, {dw}, out);
  }
};

}  // namespace

SGD::SGD(SGDOptions options) : Optimizer(std::make_shared<SGDDescription>(options)) {}

}  // namespace cornu::inline v0
