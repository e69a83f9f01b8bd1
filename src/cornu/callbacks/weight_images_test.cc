#include "cornu/callbacks/weight_images.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/formats/png.h"

namespace cornu::inline v0 {
namespace weight_images_test {

Tensor weight(Shape shape, const std::vector<float>& values) {
  Tensor x(shape);
  std::ranges::copy(values, x.span<float>().begin());
  return x;
}

void expect_images(const WeightImages& images, int64_t width, int64_t height,
                   const std::vector<std::vector<uint8_t>>& pixels) {
  EXPECT_EQ(images.width, width);
  EXPECT_EQ(images.height, height);
  ASSERT_EQ(images.pngs.size(), pixels.size());
  for (size_t i = 0; i < pixels.size(); ++i) {
    EXPECT_EQ(images.pngs[i], formats::write_gray_png(width, height, pixels[i])) << i;
  }
}

TEST(WeightImages, OneIsWhiteAndWhatIsBelowZeroIsBlack) {
  const Tensor bias = weight({6}, {0, 1, -1, 2, 0.5F, std::nanf("")});
  expect_images(weight_images(bias), 1, 6, {{0, 255, 0, 255, 127, 0}});
}

TEST(WeightImages, AMatrixLies) {
  const Tensor wide = weight({2, 3}, {0, 1, 0, 1, 1, 0});
  expect_images(weight_images(wide), 3, 2, {{0, 255, 0, 255, 255, 0}});
  const Tensor tall = weight({3, 2}, {0, 1, 1, 1, 0, 0});
  expect_images(weight_images(tall), 3, 2, {{0, 255, 0, 255, 255, 0}});
}

TEST(WeightImages, EachChannelIsOneUpToThree) {
  const Tensor x = weight({2, 2, 4}, {0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1});
  expect_images(weight_images(x), 2, 2, {{0, 0, 255, 255}, {255, 255, 255, 0}, {0, 255, 0, 0}});
}

TEST(WeightImages, AxesOfOneAreLeftOut) {
  expect_images(weight_images(weight({1, 2}, {0, 1})), 1, 2, {{0, 255}});
  expect_images(weight_images(weight({2, 1}, {0, 1})), 1, 2, {{0, 255}});
}

TEST(WeightImages, ThereAreNoneOfScalarsAndOfLongOnes) {
  EXPECT_TRUE(weight_images(weight({1, 1}, {1})).pngs.empty());
  EXPECT_TRUE(weight_images(Tensor(Shape{40000, 2})).pngs.empty());
  EXPECT_TRUE(weight_images(Tensor(Shape{2, 2, 2, 2})).pngs.empty());
}

}  // namespace weight_images_test
}  // namespace cornu::inline v0
