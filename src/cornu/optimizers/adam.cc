#include "cornu/optimizers/adam.h"

#include "cornu/optimizers/range.h"

namespace cornu::inline v0 {
namespace {

class Description final : public OptimizerDescription {
 public:
  explicit Description(AdamOptions given) : options(given) {}
  std::string_view name() const override { return Adam::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  double learning_rate() const override { return options.learning_rate; }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    const auto here = b.scope(Adam::kName);
    const SlotId alpha = step_size(b);
    const auto of = b.scope(b.slot(w).name);
    const Shape shape = b.slot(w).shape;
    b.update(ops::AdamUpdate{options.beta_1, options.beta_2, options.epsilon}, {dw, alpha},
             {w, b.state("m", shape), b.state("v", shape)});
  }

 private:
  // The corrected step size, computed once a step and read by every weight's update.
  SlotId step_size(Builder& b) const {
    const SlotId power_1 = b.state("beta_1_power", {1}, 1, DType::float64);
    const SlotId power_2 = b.state("beta_2_power", {1}, 1, DType::float64);
    for (const Op& op : b.ops()) {
      if (std::holds_alternative<ops::AdamStep>(op.what) && op.in[0] == power_1) return op.out[0];
    }
    return b.step(ops::AdamStep{options.beta_1, options.beta_2}, {power_1, power_2})[0];
  }

  AdamOptions options;
};

AdamOptions checked(AdamOptions options) {
  // 1 - beta is a divisor.
  constexpr double kBelowOne = 0x1.fffffep-1;
  require_at_least("Adam", "learning_rate", options.learning_rate, 0);
  require_within("Adam", "beta_1", options.beta_1, 0, kBelowOne);
  require_within("Adam", "beta_2", options.beta_2, 0, kBelowOne);
  require_at_least("Adam", "epsilon", options.epsilon, 0);
  return options;
}

}  // namespace

Adam::Adam(AdamOptions options) : Optimizer(std::make_shared<Description>(checked(options))) {}

}  // namespace cornu::inline v0
