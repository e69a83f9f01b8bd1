// A user-defined activation, made of ops: relu(x)² (So et al. 2021).

#include <iostream>

#include "cornu/cornu.h"
#include "cornu/testing/check.h"
using namespace cornu;

class SquaredRelu final : public ActivationDescription {
 public:
  std::string_view name() const override { return "squared_relu"; }
  SlotId lower(Builder& b, SlotId x) const override {
    const SlotId relu = Activation("relu").lower(b, x);
    return b.emit_one(ops::Combine{ops::Combination::multiply}, {relu, relu});
  }
};

int main(int argc, char**) {  // --short: a few epochs
  const Activation squared_relu(std::make_shared<SquaredRelu>());
  const testing::CheckResult check =
      testing::check_layer(Dense({.units = 5, .activation = squared_relu}), {7});
  std::cout << check.entries << " derivatives compared: " << (check.ok ? "right\n" : check.log);

  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense({.units = 64, .activation = squared_relu}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(train.divide(255), {.epochs = argc > 1 ? 3 : 20, .validation_data = test.divide(255)});
  return check.ok ? 0 : 1;
}
