// Every layer behind every activation under every loss: the gradients of the whole network. It
// takes two minutes: 5,865 networks, each differentiated by central differences too.

#include <gtest/gtest.h>

#include "cornu/testing/check_combined_test.h"

namespace cornu::inline v0::testing {
namespace check_combined_long_test {

class Combined : public ::testing::TestWithParam<std::string> {};

TEST_P(Combined, HasTheGradientOfCentralDifferences) {
  for (const ActivationEntry& activation : activation_table()) {
    for (const LossEntry& loss : loss_table()) expect_gradient(GetParam(), activation, loss);
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, Combined, ::testing::ValuesIn(types_after_an_input()),
                         [](const auto& each) { return each.param; });

}  // namespace check_combined_long_test
}  // namespace cornu::inline v0::testing
