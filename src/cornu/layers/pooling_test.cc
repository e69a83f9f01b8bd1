#include "cornu/layers/pooling.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/core/error_of_test.h"
#include "cornu/cornu.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0 {
namespace pooling_test {

using ::testing::HasSubstr;

Shape pooled(const Layer& layer, const Shape& x) {
  return layer.description().output_shapes({x.with_rows()}, "layer")[0].without_rows();
}

std::string refused(const Layer& layer, const Shape& x) {
  return error_of([&] { layer.description().output_shapes({x.with_rows()}, "layer"); });
}

/// The output of a layer for one sample.
Tensor output(const Layer& layer, const Shape& sample, const std::vector<float>& x) {
  const Sequential model({Input({.shape = sample}), layer});
  return model.predict(Tensor::of<float>(sample.with_rows().with_rows(1), x));
}

TEST(Pooling, IsMadeFromPositionsOrFromOptions) {
  const Shape x = {12, 10, 3};
  const int64_t size = 4;
  EXPECT_EQ(pooled(MaxPooling2D(), x), Shape({6, 5, 3}));
  EXPECT_EQ(pooled(MaxPooling2D(3), x), Shape({4, 3, 3}));
  EXPECT_EQ(pooled(MaxPooling2D(size), x), Shape({3, 2, 3}));
  EXPECT_EQ(pooled(MaxPooling2D({3, 2}), x), Shape({4, 5, 3}));
  EXPECT_EQ(pooled(MaxPooling2D({3, 3}, {1, 2}), x), Shape({10, 4, 3}));
  EXPECT_EQ(pooled(MaxPooling2D(3, {2}, "same"), x), Shape({6, 5, 3}));
  EXPECT_EQ(pooled(AveragePooling2D({.pool_size = {5}, .strides = {3}}), x), Shape({3, 2, 3}));
  EXPECT_EQ(pooled(AvgPool2D({.pool_size = {5, 2}, .padding = "same"}), x), Shape({3, 5, 3}));
  EXPECT_EQ(pooled(MaxPool2D({.data_format = "channels_first"}), {3, 12, 10}), Shape({3, 6, 5}));
  EXPECT_EQ(pooled(MaxPooling1D(), {7, 2}), Shape({3, 2}));
  EXPECT_EQ(pooled(MaxPool1D(3, {1}), {7, 2}), Shape({5, 2}));
  EXPECT_EQ(pooled(AveragePooling1D({.pool_size = {4}, .padding = "same"}), {7, 2}), Shape({2, 2}));
  EXPECT_EQ(pooled(AvgPool1D({.data_format = "channels_first"}), {2, 7}), Shape({2, 3}));
}

TEST(Pooling, GlobalShapes) {
  EXPECT_EQ(pooled(GlobalMaxPooling2D(), {4, 5, 3}), Shape({3}));
  EXPECT_EQ(pooled(GlobalAvgPool2D({.keepdims = true}), {4, 5, 3}), Shape({1, 1, 3}));
  EXPECT_EQ(pooled(GlobalMaxPool2D({.data_format = "channels_first", .keepdims = true}), {3, 4, 5}),
            Shape({3, 1, 1}));
  EXPECT_EQ(pooled(GlobalAveragePooling1D(), {4, 3}), Shape({3}));
  EXPECT_EQ(pooled(GlobalMaxPooling1D({.keepdims = true}), {4, 3}), Shape({1, 3}));
}

TEST(Pooling, IsFoundByEachNameOfKeras) {
  for (const auto& [name, type] : std::vector<std::pair<std::string, std::string>>{
           {"MaxPool2D", "MaxPooling2D"},
           {"max_pool2d", "MaxPooling2D"},
           {"max_pooling2d", "MaxPooling2D"},
           {"AvgPool1D", "AveragePooling1D"},
           {"GlobalAvgPool2D", "GlobalAveragePooling2D"},
           {"global_max_pool1d", "GlobalMaxPooling1D"}}) {
    EXPECT_EQ(make_layer(name, {}).type(), type) << name;
  }
}

TEST(Pooling, ComputesByHand) {
  const std::vector<float> x = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto values = [&](const Layer& layer) {
    const Tensor y = output(layer, {3, 3, 1}, x);
    const auto numbers = y.span<float>();
    return std::vector<float>(numbers.begin(), numbers.end());
  };
  using Floats = std::vector<float>;
  EXPECT_EQ(values(MaxPooling2D(2)), Floats({5}));
  EXPECT_EQ(values(MaxPooling2D(2, {1})), Floats({5, 6, 8, 9}));
  EXPECT_EQ(values(MaxPooling2D(2, {2}, "same")), Floats({5, 6, 8, 9}));
  EXPECT_EQ(values(AveragePooling2D(2, {1})), Floats({3, 4, 6, 7}));
  EXPECT_EQ(values(AveragePooling2D(2, {2}, "same")), Floats({3, 4.5F, 7.5F, 9}));
  EXPECT_EQ(values(GlobalMaxPooling2D()), Floats({9}));
  EXPECT_EQ(values(GlobalAveragePooling2D()), Floats({5}));
}

TEST(Pooling, OfChannelsFirstIsThatOfTheTurnedInput) {
  std::vector<float> last(2 * 4 * 4);
  std::vector<float> first(last.size());
  for (size_t i = 0; i < 16; ++i) {
    for (size_t channel = 0; channel < 2; ++channel) {
      const auto value = static_cast<float>((i * 7 + channel * 5) % 13);
      last[i * 2 + channel] = value;
      first[channel * 16 + i] = value;
    }
  }
  for (const char* type :
       {"MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D"}) {
    const Tensor y = output(make_layer(type, {}), {4, 4, 2}, last);
    const Tensor turned =
        output(make_layer(type, {{"data_format", "channels_first"}}), {2, 4, 4}, first);
    const int64_t positions = y.size() / 2;
    for (int64_t i = 0; i < y.size(); ++i) {
      EXPECT_EQ(turned.at(i), y.at(i % positions * 2 + i / positions)) << type;
    }
  }
}

TEST(Pooling, RefusesWhatKerasRefuses) {
  EXPECT_THAT(error_of([] { MaxPooling2D(0); }), HasSubstr("pool_size"));
  EXPECT_THAT(error_of([] { MaxPooling2D({2, -1}); }), HasSubstr("one or two numbers above 0"));
  EXPECT_THAT(error_of([] { MaxPooling2D({1, 2, 3}); }), HasSubstr("got (1, 2, 3)"));
  EXPECT_THAT(error_of([] { AveragePooling2D(2, {0}); }), HasSubstr("strides"));
  EXPECT_THAT(error_of([] { MaxPooling1D({.pool_size = {2, 2}}); }), HasSubstr("a number above 0"));
  EXPECT_THAT(error_of([] { MaxPooling2D(2, {}, "full"); }), HasSubstr("\"valid\" or \"same\""));
  EXPECT_THAT(error_of([] { MaxPooling2D({.data_format = "first"}); }),
              HasSubstr("\"channels_last\" or \"channels_first\", got \"first\""));
  EXPECT_THAT(error_of([] { MaxPooling2D(5000); }), HasSubstr("at most 16,777,216 elements"));
  EXPECT_THAT(refused(MaxPooling2D(3), {2, 4, 1}),
              HasSubstr("expected windows that fit into the input, (None, 2, 4, 1), got pool_size "
                        "(3, 3). Hint: padding \"same\""));
  EXPECT_THAT(
      refused(MaxPooling2D(), {28, 28}),
      HasSubstr("expected (None, height, width, channels), got (None, 28, 28). Hint: images "
                "of one channel need an axis for it: Reshape to (height, width, 1)"));
  EXPECT_THAT(refused(MaxPooling1D({.data_format = "channels_first"}), {4}),
              HasSubstr("expected (None, channels, steps), got (None, 4)"));
  EXPECT_THAT(refused(GlobalMaxPooling1D(), {4, 4, 1}), HasSubstr("(None, steps, channels)"));
}

TEST(Pooling, ShowsANaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Sequential model({Input({2, 2, 1}), MaxPooling2D()});
  EXPECT_THAT(error_of([&] {
                model.predict(Tensor::of<float>({1, 2, 2, 1}, {3, nan, 1, 2}));
              }),
              HasSubstr("sample 0 holds a value that is not finite"));
}

}  // namespace pooling_test
}  // namespace cornu::inline v0
