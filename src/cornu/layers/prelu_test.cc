#include "cornu/layers/prelu.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "cornu/layers/input.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace prelu_test {

// Where x is -1, y is minus the element of alpha whose indices are x's, 0 along shared axes.
TEST(PReLU, SharesAlphaAlongTheAxesThatAreNamed) {
  const std::vector<std::vector<int64_t>> all = {{},     {1},    {2},    {3},
                                                 {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}};
  for (const std::vector<int64_t>& shared : all) {
    SCOPED_TRACE(::testing::PrintToString(shared));
    Sequential model({Input({2, 3, 4}), PReLU({.shared_axes = shared})});
    const auto [name, weight] = model.weights().front();
    Tensor alpha(weight.shape(), DType::float32);
    for (int64_t i = 0; i < alpha.size(); ++i) {
      alpha.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i + 1);
    }
    model.set_weight(name, alpha);
    Tensor x(Shape{2, 2, 3, 4}, DType::float32);
    std::ranges::fill(x.span<float>(), -1);
    const Tensor y = model.predict(x);
    const auto extents = alpha.shape().extents();
    for (int64_t at = 0; at < y.size(); ++at) {
      const int64_t indices[] = {at / 12 % 2, at / 4 % 3, at % 4};
      int64_t of_alpha = 0;
      for (size_t axis = 0; axis < 3; ++axis) {
        of_alpha = of_alpha * extents[axis] + (extents[axis] == 1 ? 0 : indices[axis]);
      }
      ASSERT_EQ(y.at(at), -static_cast<double>(of_alpha + 1)) << at;
    }
  }
}

}  // namespace prelu_test
}  // namespace cornu::inline v0
