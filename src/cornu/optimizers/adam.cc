#include "cornu/optimizers/adam.h"

#include "cornu/optimizers/adam_lowering.h"
#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

class AdamDescription final : public OptimizerWith<Adam> {
 public:
  explicit AdamDescription(AdamOptions given) : OptimizerWith(given) {
    check_update_options("Adam", options.learning_rate, update_options());
    check_adam("Adam", numbers());
  }

  StateOrder state_order() const override { return order_of_adam(numbers()); }

  void lower(Builder& b, SlotId w, SlotId dw) const override { lower_adam(numbers(), b, w, dw); }

 private:
  AdamNumbers numbers() const {
    return {options.beta_1, options.beta_2, options.epsilon, options.amsgrad};
  }
};

}  // namespace

Adam::Adam(AdamOptions options) : Optimizer(std::make_shared<AdamDescription>(options)) {}

}  // namespace cornu::inline v0
