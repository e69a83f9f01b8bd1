#include "cornu/core/names.h"

#include <gtest/gtest.h>

namespace cornu::inline v0 {
namespace names_test {

TEST(Names, SnakeCaseMatchesKeras) {
  EXPECT_EQ(snake_case("Dense"), "dense");
  EXPECT_EQ(snake_case("InputLayer"), "input_layer");
  EXPECT_EQ(snake_case("LeakyReLU"), "leaky_re_lu");
  EXPECT_EQ(snake_case("Conv2D"), "conv2d");
  EXPECT_EQ(snake_case("Conv2DTranspose"), "conv2d_transpose");
  EXPECT_EQ(snake_case("SGD"), "sgd");
}

TEST(Names, CapitalsAndUnderscoresDoNotCount) {
  for (const char* each : {"LeakyReLU", "leaky_relu", "leaky_re_lu", "leakyrelu"}) {
    EXPECT_TRUE(same_name(each, "LeakyReLU")) << each;
    EXPECT_TRUE(same_name("leaky_re_lu", each)) << each;
  }
  EXPECT_TRUE(same_name("", "_"));
  EXPECT_FALSE(same_name("relu", "LeakyReLU"));
  EXPECT_FALSE(same_name("relu", "relu6"));
}

TEST(Names, ThousandsAreSetApart) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(50890), "50,890");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(with_commas(-1234), "-1,234");
  EXPECT_EQ(with_commas(-123), "-123");
}

}  // namespace names_test
}  // namespace cornu::inline v0
