#include "cornu/layers/reshape.h"

#include <gmock/gmock.h>

#include "cornu/core/error_of_test.h"
#include "cornu/layers/input.h"

namespace cornu::inline v0 {
namespace reshape_test {

Shape made(const Layer& layer) {
  return layer.description().output_shapes({{kRows, 2, 6}}, "")[0];
}

TEST(Reshape, IsMadeFromAShapeOrFromOptions) {
  const int64_t extent = 4;
  const std::vector<int64_t> shape = {3, 4};
  EXPECT_EQ(made(Reshape({12})), Shape({kRows, 12}));
  EXPECT_EQ(made(Reshape({3, extent})), Shape({kRows, 3, 4}));
  EXPECT_EQ(made(Reshape(shape)), Shape({kRows, 3, 4}));
  EXPECT_EQ(made(Reshape({.target_shape = {-1}})), Shape({kRows, 12}));
  EXPECT_EQ(made(Reshape({.target_shape = {3, 4}})), Shape({kRows, 3, 4}));
  EXPECT_EQ(made(Reshape({.target_shape = {3, -1}, .name = "first"})), Shape({kRows, 3, 4}));
}

TEST(Reshape, RefusesAnotherNumberOfElements) {
  constexpr int64_t kHuge = int64_t{1} << 40;
  const std::vector<std::vector<int64_t>> targets = {{13},     {5, -1},  {0, -1},        {-1, -1},
                                                     {-2, -6}, {-3, -4}, {kHuge, kHuge}, {}};
  for (const std::vector<int64_t>& target : targets) {
    const Reshape layer({.target_shape = target, .name = "fold"});
    EXPECT_EQ(error_of([&] {
                layer(Input({2, 6}));
              }),
              "Reshape \"fold\": expected a target shape of 12 elements, as (2, 6) has, got " +
                  Value(to_value(target)).str() + ".");
  }
}

}  // namespace reshape_test
}  // namespace cornu::inline v0
