#include "cornu/images/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0::images {
namespace place_test {

using testing::ElementsAre;
using testing::HasSubstr;

// By hand: a new pixel's centre lies between those of two stored ones.
TEST(Place, PutsAPixelBetweenTheNearest) {
  const Tensor picture = Tensor::of<uint8_t>({1, 4, 1}, {0, 10, 20, 100});
  std::vector<float> pixels(2);
  put(picture.view(), {.height = 1, .width = 2}, pixels);
  EXPECT_THAT(pixels, ElementsAre(5, 60));
  put(picture.view(), {.height = 1, .width = 2, .interpolation = Interpolation::nearest}, pixels);
  EXPECT_THAT(pixels, ElementsAre(10, 100));
  put(picture.view(), {.height = 1, .width = 2, .filling = Filling::cropped}, pixels);
  EXPECT_THAT(pixels, ElementsAre(10, 20));
  pixels.resize(12);
  put(picture.view(), {.height = 3, .width = 4, .filling = Filling::padded}, pixels);
  EXPECT_THAT(pixels, ElementsAre(0, 0, 0, 0, 0, 10, 20, 100, 0, 0, 0, 0));
  // What would be thinner than a pixel is not left out.
  pixels.resize(8);
  put(picture.view(), {.height = 4, .width = 2, .filling = Filling::padded}, pixels);
  EXPECT_THAT(pixels, ElementsAre(0, 0, 5, 60, 0, 0, 0, 0));
}

TEST(Place, IsRefusedWithoutRoom) {
  const Tensor picture({2, 2, 1}, DType::uint8);
  std::vector<float> pixels(6);
  EXPECT_EQ(error_of([&] { put(picture.view(), {.height = 2, .width = 3}, pixels); }), "no error");
  EXPECT_THAT(error_of([&] { put(picture.view(), {.height = 2, .width = 2}, pixels); }),
              HasSubstr("to 2 × 2"));
  EXPECT_THAT(error_of([&] { put(picture.view(), {.height = 0, .width = 2}, pixels); }),
              HasSubstr("1 × 1 pixel or more"));
}

}  // namespace place_test
}  // namespace cornu::inline v0::images
