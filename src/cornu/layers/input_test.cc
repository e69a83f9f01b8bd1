#include "cornu/layers/input.h"

#include <gmock/gmock.h>

namespace cornu::inline v0 {
namespace input_test {

// y = x and dx = dy: the output is the slot of the input itself.
TEST(InputLayer, IsTheIdentity) {
  const Input layer({3});
  for (const Mode mode : {Mode::training, Mode::evaluate, Mode::predict}) {
    Builder b;
    const Slots x = {b.input("x", {kRows, 3}, DType::float32)};
    EXPECT_EQ(layer.description().lower(b, x, mode), x);
    EXPECT_TRUE(b.ops().empty());
  }
}

TEST(InputLayer, IsMadeFromAShapeOrFromOptions) {
  const int64_t extent = 3;
  const Shape shape = {2, 3};
  EXPECT_EQ(Input({3}).shape(), Shape({kRows, 3}));
  EXPECT_EQ(Input({2, extent}).shape(), Shape({kRows, 2, 3}));
  EXPECT_EQ(Input(shape).shape(), Shape({kRows, 2, 3}));
  EXPECT_EQ(Input({.shape = {3}}).shape(), Shape({kRows, 3}));
  EXPECT_EQ(Input({.shape = {2, 3}, .name = "left"}).name(), "left");
}

}  // namespace input_test
}  // namespace cornu::inline v0
