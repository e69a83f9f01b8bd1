// Layers behind activations under losses: the gradients of the whole network. Each layer meets each
// activation and each loss, and each activation each loss; all three in every combination is
// check_combined_long_test.cc.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "cornu/core/sanitized_test.h"
#include "cornu/testing/check_combined_test.h"

namespace cornu::inline v0::testing {
namespace check_combined_test {

struct Combination {
  size_t layer, activation, loss;
};

// For each layer and activation every n-th loss, n being the smaller of the numbers of activations
// and losses; from one layer or activation to the next the losses shift by one.
std::vector<Combination> by_pairs() {
  const size_t activations = activation_table().size();
  const size_t losses = loss_table().size();
  const size_t n = std::min(activations, losses);
  std::vector<Combination> all;
  for (size_t layer = 0; layer < types_after_an_input().size(); ++layer) {
    for (size_t a = 0; a < activations; ++a) {
      for (size_t loss = 0; loss < losses; ++loss) {
        if ((layer + a + loss) % n == 0) all.push_back({layer, a, loss});
      }
    }
  }
  return all;
}

TEST(Pairs, LeaveOutNone) {
  std::set<std::pair<size_t, size_t>> layer_activation, layer_loss, activation_loss;
  for (const auto& [layer, activation, loss] : by_pairs()) {
    layer_activation.insert({layer, activation});
    layer_loss.insert({layer, loss});
    activation_loss.insert({activation, loss});
  }
  EXPECT_EQ(layer_activation.size(), types_after_an_input().size() * activation_table().size());
  EXPECT_EQ(layer_loss.size(), types_after_an_input().size() * loss_table().size());
  EXPECT_EQ(activation_loss.size(), activation_table().size() * loss_table().size());
}

class CombinedByPairs : public ::testing::TestWithParam<size_t> {};

TEST_P(CombinedByPairs, HasTheGradientOfCentralDifferences) {
  int cases = 0;
  for (const auto& [layer, activation, loss] : by_pairs()) {
    // Under a sanitizer one activation of four, and another one with the next layer.
    if (layer != GetParam() || (kSanitized && (activation + layer) % 4 != 0)) continue;
    expect_gradient(types_after_an_input()[layer], activation_table()[activation],
                    loss_table()[loss]);
    ++cases;
  }
  std::printf("%d cases\n", cases);
}

INSTANTIATE_TEST_SUITE_P(Layers, CombinedByPairs,
                         ::testing::Range(size_t{0}, types_after_an_input().size()),
                         [](const auto& each) { return types_after_an_input()[each.param]; });

}  // namespace check_combined_test
}  // namespace cornu::inline v0::testing
