#include "cornu/interop/old_kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/pooling.h"

namespace cornu::inline v0 {
namespace old_kernels_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Tensor counted(const Shape& shape) {
  Tensor x(shape);
  float next = 0;
  for (float& each : x.span<float>()) each = next++;
  return x;
}

std::vector<float> values(const Tensor& x) {
  return {x.span<float>().begin(), x.span<float>().end()};
}

TEST(OldKernels, AreArrangedAsTodays) {
  const KernelForm filters_first = {.filters_first = true};
  // Filter, channel, row, column: element (f, c, r, k) is 6f + 3c + k.
  const Tensor today = filters_first.todays(counted({2, 2, 1, 3}));
  EXPECT_EQ(today.shape(), Shape({1, 3, 2, 2}));
  EXPECT_THAT(values(today), ElementsAre(0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11));
  const KernelForm turned = {.is_turned = true};
  EXPECT_THAT(values(turned.todays(counted({2, 2, 1, 2}))), ElementsAre(6, 7, 4, 5, 2, 3, 0, 1));
  const KernelForm both = {.filters_first = true, .is_turned = true};
  EXPECT_THAT(values(both.todays(counted({1, 2, 2, 2}))), ElementsAre(3, 7, 2, 6, 1, 5, 0, 4));
  const KernelForm line = {.has_width = true};
  EXPECT_EQ(line.todays(Shape{3, 1, 2, 4}), Shape({3, 2, 4}));
  EXPECT_EQ(line.todays(Shape{3, 2, 2, 4}), Shape({3, 2, 2, 4}));
  const KernelForm turned_line = {.has_width = true, .is_turned = true};
  EXPECT_THAT(values(turned_line.todays(counted({3, 1, 1, 2}))), ElementsAre(4, 5, 2, 3, 0, 1));
}

TEST(OldKernels, OfDamagedFilesAreLeftAsTheyAre) {
  const KernelForm all = {.filters_first = true, .has_width = true, .is_turned = true};
  for (const Shape& shape :
       {Shape{}, Shape{3}, Shape{2, 3}, Shape{0, 2, 2, 2}, Shape{2, 3, 2, 2, 2}}) {
    EXPECT_EQ(all.todays(counted(shape)).size(), shape.size()) << shape.str();
  }
}

TEST(OldKernels, AreOfTheanoIfTheFileSaysSoOrItsNamesDo) {
  EXPECT_TRUE(is_of_theano("convolution2d_1_W", ""));
  EXPECT_FALSE(is_of_theano("convolution2d_1_W:0", ""));
  EXPECT_TRUE(is_of_theano("conv2d_1/kernel", "theano"));
  EXPECT_FALSE(is_of_theano("conv2d_1/kernel:0", "tensorflow"));
  EXPECT_FALSE(is_of_theano("conv2d/kernel", ""));
}

TEST(OldKernels, AreRefusedWithOtherZerosAroundImages) {
  const auto error = [](const Layer& layer) {
    const std::vector<StoredLayer> layers = {
        {.group = "", .name = "one", .layer = layer, .inside = {}}};
    return error_of([&] { require_padding_of_theano(layers); });
  };
  for (const Layer& same : {Layer(Conv2D({.filters = 1, .kernel_size = {3}, .padding = "same"})),
                            Layer(Conv2D({.filters = 1, .kernel_size = {2}, .strides = {2}})),
                            Layer(MaxPooling2D(3, {1}, "same")), Layer(MaxPooling2D(2))}) {
    EXPECT_EQ(error(same), "no error") << same.type();
  }
  for (const Layer& other :
       {Layer(Conv2D({.filters = 1, .kernel_size = {3, 2}, .padding = "same"})),
        Layer(Conv1D({.filters = 1, .kernel_size = {3}, .strides = {2}, .padding = "same"})),
        Layer(MaxPooling2D(2, {}, "same")), Layer(AveragePooling2D(5, {1}, "same"))}) {
    EXPECT_THAT(error(other), HasSubstr("put other zeros around images")) << other.type();
  }
}

}  // namespace old_kernels_test
}  // namespace cornu::inline v0
