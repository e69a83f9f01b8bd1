// Layers that move the elements of images and sequences.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cornu/core/error_of_test.h"
#include "cornu/cornu.h"
#include "cornu/layers/table.h"
#include "cornu/testing/probe.h"

namespace cornu::inline v0 {
namespace image_layers_test {

using ::testing::HasSubstr;
using Floats = std::vector<float>;

/// The output of a layer for one sample that counts 1, 2, 3, ….
Tensor output(const Layer& layer, const Shape& sample) {
  const Sequential model({Input({.shape = sample}), layer});
  Tensor x(sample.with_rows().with_rows(1));
  for (int64_t i = 0; i < x.size(); ++i) x.span<float>()[static_cast<size_t>(i)] = i + 1;
  return model.predict(x);
}

Floats values(const Tensor& y) {
  const auto numbers = y.span<float>();
  return {numbers.begin(), numbers.end()};
}

std::string refused(const Layer& layer, const Shape& x) {
  return error_of([&] { layer.description().output_shapes({x.with_rows()}, "layer"); });
}

TEST(ZeroPadding2D, PutsZerosAround) {
  const Tensor y = output(ZeroPadding2D({.padding = {1, 0, 0, 2}}), {1, 2, 1});
  EXPECT_EQ(y.shape(), (Shape{1, 2, 4, 1}));
  EXPECT_EQ(values(y), (Floats{0, 0, 0, 0, 1, 2, 0, 0}));
  EXPECT_EQ(output(ZeroPadding2D(), {2, 2, 3}).shape(), (Shape{1, 4, 4, 3}));
  EXPECT_EQ(output(ZeroPadding2D(2), {2, 2, 3}).shape(), (Shape{1, 6, 6, 3}));
  EXPECT_EQ(output(ZeroPadding2D({.padding = {1, 2}}), {2, 2, 3}).shape(), (Shape{1, 4, 6, 3}));
  const Layer first = ZeroPadding2D({.padding = {0, 1}, .data_format = "channels_first"});
  EXPECT_EQ(values(output(first, {2, 1, 1})), (Floats{0, 1, 0, 0, 2, 0}));
  EXPECT_THAT(error_of([] { ZeroPadding2D(-1); }), HasSubstr("padding of 0 to 1,048,576"));
  EXPECT_THAT(refused(ZeroPadding2D(), {2, 2}), HasSubstr("(None, height, width, channels)"));
}

TEST(ZeroPadding2D, TakesEachFormOfKeras) {
  const auto edges = [](const Value& padding) {
    return make_layer("ZeroPadding2D", {{"padding", padding}}).description().config()[0].second;
  };
  const auto rows = [](int64_t top, int64_t bottom, int64_t left, int64_t right) {
    return Value(Value::List{Value::List{top, bottom}, Value::List{left, right}});
  };
  EXPECT_EQ(edges(2), rows(2, 2, 2, 2));
  EXPECT_EQ(edges(Value::List{1, 3}), rows(1, 1, 3, 3));
  EXPECT_EQ(edges(Value::List{Value::List{1, 2}, 3}), rows(1, 2, 3, 3));
  EXPECT_EQ(edges(rows(1, 2, 3, 4)), rows(1, 2, 3, 4));
  EXPECT_THAT(error_of([&] { edges(Value::List{1, 2, 3}); }), HasSubstr("a number, or two"));
  EXPECT_THAT(error_of([&] {
                edges(Value::List{Value::List{1}, 3});
              }),
              HasSubstr("two for the ends"));
}

TEST(Cropping2D, CutsAway) {
  const Tensor y = output(Cropping2D({.cropping = {1, 0, 1, 1}}), {2, 4, 1});
  EXPECT_EQ(y.shape(), (Shape{1, 1, 2, 1}));
  EXPECT_EQ(values(y), (Floats{6, 7}));
  EXPECT_EQ(values(output(Cropping2D(1), {3, 3, 2})), (Floats{9, 10}));
  EXPECT_THAT(refused(Cropping2D({.cropping = {1, 0}}), {2, 4, 1}),
              HasSubstr("cropping that leaves something of (None, 2, 4, 1), got 2 rows and 0"));
  EXPECT_THAT(refused(Cropping2D(2), {3, 6, 1}),
              HasSubstr("cropping that leaves something of (None, 3, 6, 1), got 4 rows and 4"));
  EXPECT_THAT(error_of([] { Cropping2D(-1); }), HasSubstr("cropping of 0 to"));
}

TEST(UpSampling2D, RepeatsRowsAndColumns) {
  const Tensor y = output(UpSampling2D({2, 3}), {1, 2, 1});
  EXPECT_EQ(y.shape(), (Shape{1, 2, 6, 1}));
  EXPECT_EQ(values(y), (Floats{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(values(output(UpSampling2D({.data_format = "channels_first"}), {2, 1, 1})),
            (Floats{1, 1, 1, 1, 2, 2, 2, 2}));
  EXPECT_THAT(error_of([] { UpSampling2D({.interpolation = "bilinear"}); }),
              HasSubstr("expected \"nearest\", got \"bilinear\""));
  EXPECT_THAT(error_of([] { UpSampling2D(0); }), HasSubstr("size"));
}

TEST(Permute, PutsAxesIntoAnotherOrder) {
  EXPECT_EQ(values(output(Permute({2, 1}), {2, 3})), (Floats{1, 4, 2, 5, 3, 6}));
  const Tensor y = output(Permute({3, 1, 2}), {2, 2, 3});
  EXPECT_EQ(y.shape(), (Shape{1, 3, 2, 2}));
  EXPECT_EQ(values(y), (Floats{1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12}));
  EXPECT_EQ(values(output(Permute({1, 3, 2}), {1, 2, 2})), (Floats{1, 3, 2, 4}));
  EXPECT_EQ(values(output(Permute({.dims = {1}}), {3})), (Floats{1, 2, 3}));
  EXPECT_EQ(output(Permute({2, 1}), {0, 4}).shape(), (Shape{1, 4, 0}));
  for (const std::vector<int64_t>& wrong :
       {std::vector<int64_t>{}, {0, 1}, {2, 2}, {1, 3}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
    EXPECT_THAT(error_of([&] { Permute{wrong}; }), HasSubstr("the axes from 1 on, each once"));
  }
  EXPECT_THAT(refused(Permute({2, 1}), {4, 4, 1}), HasSubstr("samples of 2 axes"));
}

TEST(RepeatVector, RepeatsASample) {
  const Tensor y = output(RepeatVector(2), {3});
  EXPECT_EQ(y.shape(), (Shape{1, 2, 3}));
  EXPECT_EQ(values(y), (Floats{1, 2, 3, 1, 2, 3}));
  EXPECT_THAT(error_of([] { RepeatVector(0); }), HasSubstr("n > 0"));
  EXPECT_THAT(refused(RepeatVector(2), {4, 4}), HasSubstr("(None, features)"));
}

/// The layer alone on 300 samples of ones, with output gradients of 2: the output and dx.
std::pair<Floats, Floats> dropped(Layer layer, const Shape& sample, Mode mode) {
  layer.set_name("drop");
  testing::Probe probe(
      testing::Probe::layer_plan(layer, {sample.with_rows()}, mode, DType::float32, 300), {},
      kernels::best_target(), 1);
  std::ranges::fill(probe.batch().x[0].span<float>(), 1.0F);
  std::ranges::fill(probe.batch().y[0].span<float>(), 2.0F);
  probe.run();
  const auto numbers = [&](SlotId slot) {
    const auto span = probe.value(slot).span<float>();
    return Floats(span.begin(), span.end());
  };
  const SlotId dx = probe.variables()[0].gradient;
  return {numbers(probe.plan().outputs[0]), dx == kNone ? Floats() : numbers(dx)};
}

TEST(SpatialDropout, DropsWholeChannels) {
  constexpr size_t kChannels = 37;
  constexpr size_t kPositions = 6;
  for (const Layer& layer :
       {Layer(SpatialDropout1D(0.2)), Layer(SpatialDropout2D(0.2)),
        Layer(SpatialDropout2D({.rate = 0.2F, .data_format = "channels_first"}))}) {
    const bool is_first = layer.description().config()[1].second == Value("channels_first");
    const Shape sample = layer.type() == "SpatialDropout1D" ? Shape{6, 37}
                         : is_first                         ? Shape{37, 3, 2}
                                                            : Shape{3, 2, 37};
    const auto [y, dx] = dropped(layer, sample, Mode::training);
    std::set<float> seen;
    size_t zeros = 0;
    for (size_t i = 0; i < y.size(); ++i) {
      const size_t row = i / (kChannels * kPositions);
      const size_t at = i % (kChannels * kPositions);
      const size_t channel = is_first ? at / kPositions : at % kChannels;
      const size_t corner =
          row * kChannels * kPositions + (is_first ? channel * kPositions : channel);
      ASSERT_EQ(y[i], y[corner]);
      ASSERT_EQ(dx[i], 2 * y[i]);
      seen.insert(y[i]);
      zeros += y[i] == 0 ? 1 : 0;
    }
    EXPECT_EQ(seen, (std::set<float>{0, 1.25F}));
    // 11,100 channels: six standard deviations.
    EXPECT_NEAR(static_cast<double>(zeros) / static_cast<double>(y.size()), 0.2, 0.023);
    EXPECT_THAT(dropped(layer, sample, Mode::predict).first, ::testing::Each(1.0F));
  }
  EXPECT_THAT(error_of([] { SpatialDropout1D(1.0); }), HasSubstr("0 <= rate < 1"));
  EXPECT_THAT(refused(SpatialDropout1D(0.5), {4, 4, 1}), HasSubstr("(None, steps, channels)"));
  EXPECT_THAT(refused(SpatialDropout2D(0.5), {4, 4}), HasSubstr("(None, height, width, channels)"));
}

TEST(BatchNormalization, TakesEachAxisButTheBatchs) {
  for (const int64_t axis : {1, 2, 3, -1, -2, -3}) {
    const Layer layer = BatchNormalization({.axis = axis});
    const Sequential model({Input({2, 3, 4}), layer});
    EXPECT_EQ(model.weights()[0].second.shape(), (Shape{2 + (axis < 0 ? axis + 3 : axis - 1)}));
  }
  EXPECT_THAT(refused(BatchNormalization({.axis = 0}), {2}), HasSubstr("got axis 0 of (None, 2)"));
  EXPECT_THAT(refused(BatchNormalization({.axis = -2}), {2}), HasSubstr("other than the batch's"));
  EXPECT_THAT(refused(BatchNormalization({.axis = 2}), {2}), HasSubstr("got axis 2"));
}

}  // namespace image_layers_test
}  // namespace cornu::inline v0
