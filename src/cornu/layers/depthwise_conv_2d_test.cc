#include "cornu/layers/depthwise_conv_2d.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/datasets/dataset.h"
#include "cornu/kernels/bits_test.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/input.h"
#include "cornu/layers/permute.h"
#include "cornu/layers/table.h"
#include "cornu/models/model.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace depthwise_conv_2d_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Sequential model_of(const Layer& layer, const Shape& sample) {
  return Sequential({Input(sample), layer});
}

Tensor filled(const Shape& shape, const std::vector<float>& values) {
  Tensor x(shape);
  std::ranges::copy(values, x.span<float>().begin());
  return x;
}

std::vector<float> values(const Tensor& x) {
  return {x.span<float>().begin(), x.span<float>().end()};
}

Shape output_shape(const Layer& layer, const Shape& sample) {
  return model_of(layer, sample).predict(Tensor(sample.with_rows().with_rows(1))).shape();
}

TEST(DepthwiseConv2D, ComputesByHand) {
  Sequential model =
      model_of(DepthwiseConv2D({.kernel_size = {1, 2}, .depth_multiplier = 2}), {1, 3, 2});
  EXPECT_EQ(model.weights()[0].second.shape(), Shape({1, 2, 2, 2}));
  // Channel 0: 1 left + 3 right, and 10 left; channel 1: −1 right, and 1 left + 1 right.
  model.set_weight(model.weights()[0].first, filled({1, 2, 2, 2}, {1, 10, 0, 1, 3, 0, -1, 1}));
  model.set_weight(model.weights()[1].first, filled({4}, {0, 0, 0, 0.5F}));
  const Tensor x = filled({1, 1, 3, 2}, {1, 4, 2, 5, 3, 6});
  EXPECT_THAT(values(model.predict(x)), ElementsAre(7, 10, -5, 9.5F, 11, 20, -6, 11.5F));
}

TEST(DepthwiseConv2D, ShapesAreKeras) {
  EXPECT_EQ(output_shape(DepthwiseConv2D(3), {8, 9, 5}), Shape({1, 6, 7, 5}));
  EXPECT_EQ(output_shape(DepthwiseConv2D({3, 2}, {2, 2}, "same"), {7, 8, 2}), Shape({1, 4, 4, 2}));
  EXPECT_EQ(output_shape(DepthwiseConv2D({.kernel_size = {3},
                                          .depth_multiplier = 4,
                                          .data_format = "channels_first",
                                          .dilation_rate = {2}}),
                         {3, 8, 9}),
            Shape({1, 12, 4, 5}));
}

/// The same depthwise convolution as a layer of its own and as one with groups.
struct Pair {
  Layer depthwise, grouped;
  Shape sample;
};

Pair drawn_pair(kernels::Draw& draw) {
  const int64_t channels = 1 + draw.below(draw.below(3) == 0 ? 40 : 6);
  const int64_t multiplier = draw.below(2) == 0 ? 1 : 1 + draw.below(4);
  const bool is_dilated = draw.below(3) == 0;
  const auto numbers = [&](bool is_one, int64_t most) {
    return std::vector<int64_t>{is_one ? 1 : 1 + draw.below(most),
                                is_one ? 1 : 1 + draw.below(most)};
  };
  DepthwiseConv2DOptions options = {.kernel_size = numbers(false, 4),
                                    .strides = numbers(is_dilated, 3),
                                    .padding = draw.below(2) == 0 ? "same" : "valid",
                                    .depth_multiplier = multiplier,
                                    .dilation_rate = numbers(!is_dilated, 3),
                                    .activation = draw.below(2) == 0 ? "linear" : "tanh",
                                    .use_bias = draw.below(2) == 0};
  const Conv2DOptions grouped = {.filters = channels * multiplier,
                                 .kernel_size = options.kernel_size,
                                 .strides = options.strides,
                                 .padding = options.padding,
                                 .dilation_rate = options.dilation_rate,
                                 .groups = channels,
                                 .activation = options.activation,
                                 .use_bias = options.use_bias};
  const auto extent = [&](size_t axis) {
    return options.dilation_rate[axis] * (options.kernel_size[axis] - 1) + 1 + draw.below(9);
  };
  const Shape sample = {extent(0), extent(1), channels};
  return {DepthwiseConv2D(options), Conv2D(grouped), sample};
}

// A Dense before it, whose weights depend on the gradient of its input.
TEST(DepthwiseConv2D, IsAConvolutionWithAGroupForEachChannelBitForBit) {
  for (int round = 0; round < drawn(60); ++round) {
    kernels::Draw draw(static_cast<uint64_t>(round));
    const Pair pair = drawn_pair(draw);
    const int64_t channels = pair.sample[2];
    const auto made = [&](const Layer& layer) {
      return Sequential({Input(pair.sample), Dense(channels), layer, Flatten(), Dense(2)});
    };
    Sequential depthwise = made(pair.depthwise);
    Sequential grouped = made(pair.grouped);
    for (size_t i = 0; i < depthwise.weights().size(); ++i) {
      const auto [name, weight] = grouped.weights()[i];
      grouped.set_weight(name, depthwise.weights()[i].second.reshape(weight.shape()));
    }
    const Tensor x =
        filled(pair.sample.with_rows().with_rows(5), draw.floats(5 * pair.sample.size(), -1, 1));
    const Dataset data(x, filled({5, 2}, draw.floats(10, -1, 1)));
    for (Sequential* const model : {&depthwise, &grouped}) {
      model->compile({.optimizer = round % 3 == 0   ? "sgd"
                                   : round % 3 == 1 ? "adam"
                                                    : "nadam",
                      .loss = "mse"});
      model->fit(data, {.batch_size = 3, .epochs = 2, .verbose = 0});
    }
    ASSERT_EQ(values(depthwise.predict(x)), values(grouped.predict(x))) << round;
    for (size_t i = 0; i < depthwise.weights().size(); ++i) {
      const auto expected = grouped.weights()[i].second.span<float>();
      ASSERT_TRUE(std::ranges::equal(depthwise.weights()[i].second.span<float>(), expected))
          << depthwise.weights()[i].first << ", round " << round;
    }
  }
}

TEST(DepthwiseConv2D, OfChannelsFirstIsThatOfTheTurnedInput) {
  kernels::Draw draw(7);
  Sequential first = model_of(DepthwiseConv2D({.kernel_size = {3},
                                               .padding = "same",
                                               .depth_multiplier = 2,
                                               .data_format = "channels_first"}),
                              {3, 6, 5});
  Sequential last({Input({3, 6, 5}), Permute({2, 3, 1}),
                   DepthwiseConv2D({.kernel_size = {3}, .padding = "same", .depth_multiplier = 2}),
                   Permute({3, 1, 2})});
  for (size_t i = 0; i < 2; ++i) {
    last.set_weight(last.weights()[i].first, first.weights()[i].second);
  }
  const Tensor x = filled({2, 3, 6, 5}, draw.floats(180, -1, 1));
  EXPECT_EQ(values(first.predict(x)), values(last.predict(x)));
}

TEST(DepthwiseConv2D, RefusesWhatKerasRefuses) {
  EXPECT_THAT(error_of([] { DepthwiseConv2D(DepthwiseConv2DOptions{}); }),
              HasSubstr("kernel_size of one or two numbers above 0"));
  EXPECT_THAT(error_of([] { DepthwiseConv2D(0); }), HasSubstr("kernel_size"));
  EXPECT_THAT(error_of([] { DepthwiseConv2D(3, {1}, "causal"); }),
              HasSubstr("\"valid\" or \"same\""));
  EXPECT_THAT(error_of([] { DepthwiseConv2D({.kernel_size = {3}, .depth_multiplier = 0}); }),
              HasSubstr("depth_multiplier > 0"));
  EXPECT_THAT(
      error_of([] { DepthwiseConv2D({.kernel_size = {2}, .strides = {2}, .dilation_rate = {2}}); }),
      HasSubstr("strides of 1 where dilation_rate is not"));
  EXPECT_THAT(error_of([] { DepthwiseConv2D(5000); }),
              HasSubstr("a kernel of at most 16,777,216 elements"));
  EXPECT_THAT(error_of([] {
                model_of(DepthwiseConv2D(4), {3, 5, 1});
              }),
              AllOf(HasSubstr("a kernel that fits into the input"), HasSubstr("\"same\"")));
  EXPECT_THAT(error_of([] {
                model_of(DepthwiseConv2D(3), {28, 28});
              }),
              HasSubstr("images of one channel need an axis for it"));
  const int64_t most = int64_t{1} << 30;
  EXPECT_THAT(
      error_of([&] {
        model_of(DepthwiseConv2D({.kernel_size = {1}, .depth_multiplier = most}), {2, 2, 3});
      }),
      HasSubstr("below 2,147,483,648 channels"));
}

TEST(DepthwiseConv2D, IsFoundByEachNameOfKeras) {
  for (const char* name : {"DepthwiseConv2D", "depthwise_conv2d"}) {
    EXPECT_EQ(make_layer(name, {{"kernel_size", 3}}).type(), "DepthwiseConv2D") << name;
  }
}

}  // namespace depthwise_conv_2d_test
}  // namespace cornu::inline v0
