#include "cornu/layers/reshape.h"

#include <gmock/gmock.h>

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

}  // namespace reshape_test
}  // namespace cornu::inline v0
