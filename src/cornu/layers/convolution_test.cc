#include "cornu/layers/convolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/datasets/dataset.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/input.h"
#include "cornu/layers/permute.h"
#include "cornu/layers/table.h"
#include "cornu/models/model.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace convolution_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A model of one layer, for samples of this shape.
Sequential model_of(const Layer& layer, const Shape& sample) {
  return Sequential({Input(sample), layer});
}

Tensor numbers(const Shape& shape) {
  Tensor x(shape);
  int64_t i = 0;
  for (float& each : x.span<float>()) each = static_cast<float>(i++ * 7 % 11 - 5) / 4;
  return x;
}

std::vector<float> values(const Tensor& x) {
  return {x.span<float>().begin(), x.span<float>().end()};
}

Shape output_shape(const Layer& layer, const Shape& sample) {
  return model_of(layer, sample).predict(Tensor(sample.with_rows().with_rows(1))).shape();
}

/// The values of a weight of a model of one layer.
TensorView weight(const Sequential& model, size_t index) {
  return model.weights()[index].second;
}

void set_weights(Sequential& model, TensorView kernel, TensorView bias) {
  const auto weights = model.weights();
  model.set_weight(weights[0].first, kernel);
  model.set_weight(weights[1].first, bias);
}

TEST(Convolution, ComputesByHand) {
  Sequential model = model_of(Conv2D({.filters = 1, .kernel_size = {2}}), {3, 3, 1});
  Tensor kernel(Shape{2, 2, 1, 1});
  kernel.span<float>()[0] = 1;
  kernel.span<float>()[1] = 2;
  kernel.span<float>()[2] = 3;
  kernel.span<float>()[3] = 4;
  Tensor bias(Shape{1});
  bias.span<float>()[0] = 10;
  set_weights(model, kernel, bias);
  Tensor x(Shape{1, 3, 3, 1});
  for (int64_t i = 0; i < 9; ++i) x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i);
  // 1·0 + 2·1 + 3·3 + 4·4 = 27, and 10 more for each step of all four pixels.
  EXPECT_THAT(values(model.predict(x)), ElementsAre(37, 47, 67, 77));
}

TEST(Convolution, ShapesAreKeras) {
  EXPECT_EQ(output_shape(Conv2D(32, 3), {28, 28, 1}), Shape({1, 26, 26, 32}));
  EXPECT_EQ(output_shape(Conv2D({.filters = 4, .kernel_size = {3}, .strides = {2, 3}}), {8, 9, 2}),
            Shape({1, 3, 3, 4}));
  EXPECT_EQ(
      output_shape(Conv2D({.filters = 4, .kernel_size = {3, 5}, .strides = {2}, .padding = "same"}),
                   {7, 8, 2}),
      Shape({1, 4, 4, 4}));
  EXPECT_EQ(output_shape(Conv1D({.filters = 4, .kernel_size = {3}, .padding = "causal"}), {7, 2}),
            Shape({1, 7, 4}));
  EXPECT_EQ(
      output_shape(Conv2D({.filters = 4, .kernel_size = {3}, .data_format = "channels_first"}),
                   {2, 8, 9}),
      Shape({1, 4, 6, 7}));
}

TEST(Convolution, OfOnePixelIsADenseLayerBitForBit) {
  Sequential dense = model_of(Dense({.units = 19}), {5, 4, 7});
  Sequential convolution = model_of(Conv2D(19, 1), {5, 4, 7});
  set_weights(convolution, weight(dense, 0).reshape({1, 1, 7, 19}), weight(dense, 1));
  const Tensor x = numbers({3, 5, 4, 7});
  EXPECT_EQ(values(convolution.predict(x)), values(dense.predict(x)));
}

// These images are so large that they are computed one by one, and gradients in as many parts.
TEST(Convolution, OfOnePixelTrainsAsADenseLayerBitForBit) {
  const Shape sample = {40, 40, 3};
  Sequential dense({Input(sample), Dense(3), Dense(32)});
  Sequential convolution({Input(sample), Dense(3), Conv2D(32, 1)});
  const Dataset data(numbers({5, 40, 40, 3}), numbers({5, 40, 40, 32}));
  for (size_t i = 0; i < 4; ++i) {
    const auto [name, values] = convolution.weights()[i];
    convolution.set_weight(name, weight(dense, i).reshape(values.shape()));
  }
  for (Sequential* const each : {&dense, &convolution}) {
    each->compile({.optimizer = "adam", .loss = "mse"});
    each->fit(data, {.batch_size = 4, .epochs = 2, .verbose = 0, .shuffle = false});
  }
  for (size_t i = 0; i < 4; ++i) {
    const auto expected = weight(dense, i).span<float>();
    const auto got = weight(convolution, i).span<float>();
    EXPECT_TRUE(std::ranges::equal(got, expected)) << dense.weights()[i].first;
  }
}

TEST(Convolution, OfOneGroupPerPartIsThatOfTheParts) {
  Sequential whole = model_of(Conv2D({.filters = 6, .kernel_size = {2}, .groups = 3}), {4, 5, 6});
  const Tensor x = numbers({2, 4, 5, 6});
  const Tensor y = whole.predict(x);
  const TensorView weights = weight(whole, 0);
  for (int64_t group = 0; group < 3; ++group) {
    Tensor part(Shape{2, 4, 5, 2}), kernel(Shape{2, 2, 2, 2});
    for (int64_t i = 0; i < part.size(); ++i) {
      part.span<float>()[static_cast<size_t>(i)] =
          x.span<float>()[static_cast<size_t>(i / 2 * 6 + group * 2 + i % 2)];
    }
    for (int64_t i = 0; i < kernel.size(); ++i) {
      kernel.span<float>()[static_cast<size_t>(i)] =
          weights.span<float>()[static_cast<size_t>(i / 2 * 6 + group * 2 + i % 2)];
    }
    Sequential alone = model_of(Conv2D(2, 2), {4, 5, 2});
    set_weights(alone, kernel, Tensor(Shape{2}));
    const Tensor expected = alone.predict(part);
    for (int64_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(y.span<float>()[static_cast<size_t>(i / 2 * 6 + group * 2 + i % 2)],
                expected.span<float>()[static_cast<size_t>(i)]);
    }
  }
}

TEST(Convolution, OfChannelsFirstIsThatOfTheTurnedInput) {
  Sequential first = model_of(
      Conv2D({.filters = 5, .kernel_size = {3}, .data_format = "channels_first"}), {2, 6, 5});
  Sequential last({Input({2, 6, 5}), Permute({2, 3, 1}), Conv2D(5, 3), Permute({3, 1, 2})});
  set_weights(last, weight(first, 0), weight(first, 1));
  const Tensor x = numbers({2, 2, 6, 5});
  EXPECT_EQ(values(first.predict(x)), values(last.predict(x)));
}

TEST(Convolution, AShiftedImageShiftsTheOutput) {
  Sequential model = model_of(Conv2D(3, 3), {8, 8, 2});
  const Tensor wide = numbers({1, 8, 9, 2});
  Tensor left(Shape{1, 8, 8, 2}), right(Shape{1, 8, 8, 2});
  for (int64_t i = 0; i < left.size(); ++i) {
    const int64_t at = i / 16 * 18 + i % 16;
    left.span<float>()[static_cast<size_t>(i)] = wide.span<float>()[static_cast<size_t>(at)];
    right.span<float>()[static_cast<size_t>(i)] = wide.span<float>()[static_cast<size_t>(at + 2)];
  }
  const Tensor a = model.predict(left);
  const Tensor b = model.predict(right);
  for (int64_t y = 0; y < 6; ++y) {
    for (int64_t i = 0; i < 15; ++i) {
      EXPECT_EQ(a.span<float>()[static_cast<size_t>(y * 18 + 3 + i)],
                b.span<float>()[static_cast<size_t>(y * 18 + i)]);
    }
  }
}

TEST(Convolution, RefusesWhatKerasRefuses) {
  EXPECT_THAT(error_of([] { Conv2D({.kernel_size = {3}}); }), HasSubstr("filters > 0"));
  EXPECT_THAT(error_of([] { Conv2D({.filters = 3}); }), HasSubstr("kernel_size"));
  EXPECT_THAT(error_of([] {
                Conv2D({.filters = 3, .kernel_size = {1, 2, 3}});
              }),
              HasSubstr("one or two numbers above 0"));
  EXPECT_THAT(error_of([] { Conv2D({.filters = 3, .kernel_size = {2}, .padding = "causal"}); }),
              HasSubstr("\"valid\" or \"same\""));
  EXPECT_THAT(error_of([] { Conv2D({.filters = 3, .kernel_size = {2}, .groups = 2}); }),
              HasSubstr("groups that divide the filters, 3"));
  EXPECT_THAT(error_of([] {
                Conv2D({.filters = 3, .kernel_size = {2}, .strides = {2}, .dilation_rate = {2}});
              }),
              HasSubstr("strides of 1 where dilation_rate is not"));
  const int64_t huge = int64_t{1} << 40;
  EXPECT_THAT(error_of([&] { Conv2D({.filters = 3, .kernel_size = {1}, .strides = {huge}}); }),
              HasSubstr("strides of at most 16,777,216"));
  EXPECT_THAT(error_of([] { Conv2D({.filters = 3, .kernel_size = {5000}}); }),
              HasSubstr("a kernel of at most 16,777,216 elements"));
  const Shape larger = {kRows, huge, huge, 1};
  EXPECT_THAT(error_of([&] { Conv2D(3, 1).description().output_shapes({larger}, "layer"); }),
              HasSubstr("extents below 2,147,483,648"));
  EXPECT_THAT(error_of([] {
                model_of(Conv2D(3, 4), {3, 5, 1});
              }),
              AllOf(HasSubstr("a kernel that fits into the input"), HasSubstr("\"same\"")));
  EXPECT_THAT(error_of([] {
                model_of(Conv2D(3, 3), {28, 28});
              }),
              HasSubstr("images of one channel need an axis for it"));
  EXPECT_THAT(error_of([] {
                model_of(Conv2D({.filters = 4, .kernel_size = {1}, .groups = 2}), {4, 4, 3});
              }),
              HasSubstr("groups that divide the channels"));
}

TEST(Convolution, IsFoundByEachNameOfKeras) {
  for (const char* name : {"Conv2D", "conv2d", "Convolution2D", "convolution2d"}) {
    EXPECT_EQ(make_layer(name, {{"filters", 4}, {"kernel_size", 3}}).type(), "Conv2D") << name;
  }
}

}  // namespace convolution_test
}  // namespace cornu::inline v0
