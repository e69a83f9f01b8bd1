// Uses the library without file access, with a user-defined activation made of ops.
#include <cstdio>
#include <memory>

#include "cornu/core/version.h"
#include "cornu/layers/dense.h"
#include "cornu/testing/check.h"

class SquaredRelu final : public cornu::ActivationDescription {
 public:
  std::string_view name() const override { return "squared_relu"; }
  cornu::SlotId lower(cornu::Builder& b, cornu::SlotId x) const override {
    const cornu::SlotId relu = cornu::Activation("relu").lower(b, x);
    return b.emit_one(cornu::ops::Combine{cornu::ops::Combination::multiply}, {relu, relu});
  }
};

int main() {
  const cornu::Activation own(std::make_shared<SquaredRelu>());
  const auto check =
      cornu::testing::check_layer(cornu::Dense({.units = 5, .activation = own}), {7});
  std::printf("Cornu %s, core: %lld derivatives compared\n", CORNU_VERSION,
              static_cast<long long>(check.entries));
  return check.ok && check.entries > 0 ? 0 : 1;
}
