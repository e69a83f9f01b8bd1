// A user-defined loss, made of two existing ones: a weighted mean of the squared and the absolute
// error.

#include <iostream>

#include "cornu/cornu.h"
#include "cornu/testing/check.h"
using namespace cornu;

class MixedError final : public LossDescription {
 public:
  explicit MixedError(double squared_share) : share_(squared_share) {}
  std::string_view name() const override { return "mixed_error"; }
  Value::Map config() const override { return {{"squared_share", share_}}; }
  void check(const Field& target, const Shape& y_pred) const override {
    squared_->check(target, y_pred);
  }
  // One value per row; their mean is minimized.
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const SlotId squared = squared_->lower(b, y_true, y_pred);
    const SlotId absolute = absolute_->lower(b, y_true, y_pred);
    return b.emit_one(ops::Combine{ops::Combination::add},
                      {b.emit_one(ops::Affine{.scale = share_}, {squared}),
                       b.emit_one(ops::Affine{.scale = 1 - share_}, {absolute})});
  }

 private:
  double share_;
  Loss squared_ = "mse";
  Loss absolute_ = "mae";
};

int main(int argc, char**) {  // --short: a few epochs
  const Loss loss(std::make_shared<MixedError>(0.25));
  const Input x({3});
  const Model small({x}, {Dense({.units = 4, .activation = "tanh"})(x)});
  const testing::CheckResult check = testing::check_gradients(small.graph(), loss, Field{{4}, {}});
  std::cout << check.entries << " derivatives compared: " << (check.ok ? "right\n" : check.log);

  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense({.units = 64, .activation = "relu"}),
                    Dense({.units = 10, .activation = "sigmoid"})});
  model.compile({.loss = loss, .metrics = {"accuracy"}});
  model.fit(train.divide(255).to_categorical(10),
            {.epochs = argc > 1 ? 3 : 20, .validation_data = test.divide(255).to_categorical(10)});
  return check.ok ? 0 : 1;
}
