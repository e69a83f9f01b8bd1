#include "cornu/optimizers/nadam.h"

#include "cornu/optimizers/optimizer_with.h"

namespace cornu::inline v0 {
namespace {

// The product of the momenta of the first updates, beta_1 · (1 − 0.96ᵗ / 2).
std::function<double(int64_t)> u_product(double beta_1) {
  return [beta_1](int64_t updates) {
    double product = 1, power = 1;
    for (int64_t t = 1; t <= updates && product > 0; ++t) {
      power *= ops::as_float32(0.96);
      product *= beta_1 * (1 - 0.5 * power);
    }
    return product;
  };
}

class NadamDescription final : public OptimizerWith<Nadam> {
 public:
  explicit NadamDescription(NadamOptions given) : OptimizerWith(given) {
    check_update_options("Nadam", options.learning_rate, update_options());
    require_within("Nadam", "beta_1", options.beta_1, 0, kBelowOne);
    require_within("Nadam", "beta_2", options.beta_2, 0, kBelowOne);
    require_at_least("Nadam", "epsilon", options.epsilon, 0);
  }

  StateOrder state_order() const override {
    return {.by_weight = {"momentum", "velocity"},
            .last = {{"u_product", u_product(options.beta_1)}},
            .powers = {{"decay_power", ops::as_float32(0.96)},
                       {"beta_2_power", ops::as_float32(options.beta_2)}}};
  }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    const kernels::UpdateRule rule = {.kind = kernels::UpdateRule::nadam,
                                      .beta_1 = options.beta_1,
                                      .beta_2 = options.beta_2,
                                      .epsilon = options.epsilon};
    const auto power = [&b](const char* name) { return b.state(name, {1}, 1, DType::float64); };
    const SlotId numbers = step_numbers(
        b, ops::RuleStep{rule}, {power("u_product"), power("decay_power"), power("beta_2_power")});
    b.update(ops::RuleUpdate{rule}, {dw, numbers},
             {w, state(b, w, "momentum"), state(b, w, "velocity")});
  }
};

}  // namespace

Nadam::Nadam(NadamOptions options) : Optimizer(std::make_shared<NadamDescription>(options)) {}

}  // namespace cornu::inline v0
