#include "cornu/layers/embedding.h"

#include <gmock/gmock.h>

#include "cornu/cornu.h"

namespace cornu::inline v0 {
namespace embedding_test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Sequential network() {
  Sequential model(
      {Input({2}), Embedding({.input_dim = 5, .output_dim = 3}), Flatten(), Dense({.units = 1})});
  model.compile({.loss = "mse"});
  return model;
}

template <class T>
Tensor indices(std::vector<T> values) {
  Tensor x(Shape{static_cast<int64_t>(values.size()) / 2, 2}, dtype_of<T>());
  std::ranges::copy(values, x.span<T>().begin());
  return x;
}

TEST(Embedding, GivesAVectorForEachIndexOfAnyDtype) {
  Sequential model({Input({2}), Embedding({.input_dim = 5, .output_dim = 3})});
  const Tensor table(model.weights()[0].second);
  const std::vector<int32_t> rows = {4, 0, 1, 1};
  const auto expect_rows = [&](const Tensor& y) {
    EXPECT_EQ(y.shape(), (Shape{2, 2, 3}));
    for (int64_t i = 0; i < y.size(); ++i) {
      EXPECT_EQ(y.at(i), table.at(rows[static_cast<size_t>(i / 3)] * 3 + i % 3));
    }
  };
  expect_rows(model.predict(indices<int32_t>({4, 0, 1, 1})));
  expect_rows(model.predict(indices<int64_t>({4, 0, 1, 1})));
  expect_rows(model.predict(indices<uint8_t>({4, 0, 1, 1})));
  expect_rows(model.predict(indices<float>({4.5F, -0.5F, 1, 1.75F})));
}

TEST(Embedding, AnIndexOutOfRangeIsReportedWithItsSample) {
  const Tensor y(Shape{3, 1});
  const auto expects = [](const std::string& found) {
    return ThrowsMessage<Error>(AllOf(HasSubstr("sample 2, layer \"embedding\""),
                                      HasSubstr("index out of range"), HasSubstr("0 … 4"),
                                      HasSubstr("got " + found)));
  };
  for (const int64_t bad : {int64_t{5}, int64_t{-1}, int64_t{1} << 40}) {
    const Dataset data(indices<int64_t>({0, 1, 2, 3, 4, bad}), Tensor(y));
    const std::string found = std::to_string(bad);
    EXPECT_THAT([&] { network().fit(data, {.verbose = 0}); }, expects(found));
    EXPECT_THAT([&] { network().evaluate(data); }, expects(found));
    EXPECT_THAT([&] { network().predict(data); }, expects(found));
    EXPECT_THAT([&] { network().predict(data.x()); }, expects(found));
  }
  const Tensor x = indices<float>({0, 1, 2, 3, 4, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_THAT([&] { network().predict(x); }, expects("nan"));
  Sequential model = network();
  Predictor predictor = model.predictor({.rows = 3});
  EXPECT_THAT([&] { predictor.predict(x); }, expects("nan"));
}

TEST(Embedding, ComputedIndicesAreClampedToTheRange) {
  Sequential model(
      {Input({1}), Rescaling({.scale = 10}), Embedding({.input_dim = 5, .output_dim = 2})});
  const Tensor table(model.weights()[0].second);
  const Tensor y = model.predict(indices<float>({-3, 9}).view().reshape({2, 1}));
  EXPECT_EQ(y.at(0), table.at(0));
  EXPECT_EQ(y.at(2), table.at(8));
}

TEST(Embedding, RefusesInvalidSizes) {
  const auto says = [](const char* what) { return ThrowsMessage<Error>(HasSubstr(what)); };
  EXPECT_THAT([] { Embedding({.output_dim = 2}); }, says("input_dim from 1"));
  EXPECT_THAT([] { Embedding({.input_dim = 2}); }, says("output_dim > 0"));
  EXPECT_THAT([] { Embedding({.input_dim = 1 << 25, .output_dim = 2}); }, says("16,777,216"));
  EXPECT_THAT([] { Embedding({.input_dim = 2, .output_dim = 2, .mask_zero = true}); },
              says("mask_zero=false"));
  EXPECT_THAT(
      [] {
        Embedding(2, 2)(Input({1, 1, 1, 1, 1, 1, 1}));
      },
      says("Embedding: expected indices of at most 7 axes, got (None, 1, 1,"));
}

}  // namespace embedding_test
}  // namespace cornu::inline v0
