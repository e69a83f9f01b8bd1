// Outputs (None, steps, classes) with a label for each step.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "cornu/core/array.h"
#include "cornu/core/error_of_test.h"
#include "cornu/losses/sparse_categorical_crossentropy.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace sequence_labels_test {

using ::testing::HasSubstr;

constexpr int64_t kSamples = 20, kSteps = 4, kClasses = 3;

Tensor inputs() {
  Tensor x(Shape{kSamples, kSteps, 5});
  int64_t next = 0;
  for (float& each : x.span<float>()) each = static_cast<float>(next++ * 29 % 31) / 31;
  return x;
}

Tensor labels(DType dtype = DType::int32) {
  Tensor y(Shape{kSamples, kSteps}, dtype);
  for (int64_t i = 0; i < y.size(); ++i) {
    const auto at = static_cast<size_t>(i);
    if (dtype == DType::float32) y.span<float>()[at] = static_cast<float>(i * 5 % kClasses);
    if (dtype == DType::int32) y.span<int32_t>()[at] = static_cast<int32_t>(i * 5 % kClasses);
  }
  return y;
}

Tensor one_hot() {
  Tensor y(Shape{kSamples, kSteps, kClasses});
  for (int64_t i = 0; i < kSamples * kSteps; ++i) {
    y.span<float>()[static_cast<size_t>(i * kClasses + i * 5 % kClasses)] = 1;
  }
  return y;
}

Sequential network(std::string loss, std::string activation = "softmax") {
  Sequential model(
      {Input({kSteps, 5}), Dense({.units = kClasses, .activation = Activation(activation)})});
  model.compile({.optimizer = "sgd", .loss = loss, .metrics = {"accuracy"}});
  return model;
}

TEST(SequenceLabels, TrainToTheBitsOfOneHotRows) {
  const FitOptions options{.batch_size = 8, .epochs = 3, .verbose = 0};
  Sequential one = network("categorical_crossentropy");
  const Logs expected = one.fit(inputs(), one_hot(), options).last();
  for (const DType dtype : {DType::int32, DType::float32}) {
    Sequential model = network("sparse_categorical_crossentropy");
    const Logs logs = model.fit(inputs(), labels(dtype), options).last();
    EXPECT_EQ(logs["loss"], expected["loss"]);
    EXPECT_EQ(logs["accuracy"], expected["accuracy"]);
    EXPECT_LT(logs["loss"], 1.2);
    const Tensor y = model.predict(inputs());
    const Tensor same = one.predict(inputs());
    for (int64_t i = 0; i < y.size(); ++i) ASSERT_EQ(y.view().at(i), same.view().at(i)) << i;
  }
}

TEST(SequenceLabels, GiveTheMeanOverStepsAndTheirAccuracy) {
  const Sequential model = network("sparse_categorical_crossentropy", "exponential");
  const Tensor y = model.predict(inputs());
  const Tensor truth = labels();
  double loss = 0, hits = 0;
  for (int64_t i = 0; i < kSamples * kSteps; ++i) {
    double sum = 0;
    const auto at = [&](int64_t j) {
      return std::clamp(y.view().at(i * kClasses + j), 1e-7, 1 - 1e-7);
    };
    int64_t largest = 0;
    for (int64_t j = 0; j < kClasses; ++j) {
      sum += at(j);
      if (y.view().at(i * kClasses + j) > y.view().at(i * kClasses + largest)) largest = j;
    }
    const auto label = static_cast<int64_t>(truth.view().at(i));
    loss -= std::log(at(label) / sum);
    hits += largest == label ? 1 : 0;
  }
  const Logs logs = model.evaluate(inputs(), truth, {.batch_size = 7});
  EXPECT_NEAR(logs["loss"], loss / (kSamples * kSteps), 1e-5);
  EXPECT_DOUBLE_EQ(logs["accuracy"], hits / (kSamples * kSteps));
}

TEST(SequenceLabels, MayHaveALastAxisOfOne) {
  const Sequential model = network("sparse_categorical_crossentropy");
  const Tensor column = labels().reshape({kSamples, kSteps, 1});
  EXPECT_EQ(model.evaluate(inputs(), column)["loss"], model.evaluate(inputs(), labels())["loss"]);
}

TEST(SequenceLabels, OfASingleStepMayBeOnePerSample) {
  Sequential model({Input({1, 5}), Dense({.units = kClasses, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  const Tensor x = inputs().reshape({kSamples * kSteps, 1, 5});
  const Tensor y = labels().reshape({kSamples * kSteps});
  const Logs logs = model.evaluate(x, y);
  for (const Shape& shape : {Shape{kSamples * kSteps, 1}, Shape{kSamples * kSteps, 1, 1}}) {
    const Logs same = model.evaluate(x, y.reshape(shape));
    EXPECT_EQ(same["loss"], logs["loss"]) << shape;
    EXPECT_EQ(same["accuracy"], logs["accuracy"]) << shape;
  }
}

TEST(SequenceLabels, OutsideTheClassesAreErrorsThatNameTheSample) {
  const Sequential model = network("sparse_categorical_crossentropy");
  Tensor wrong = labels();
  wrong.span<int32_t>()[2 * kSteps + 3] = kClasses;
  EXPECT_THAT(error_of([&] { model.evaluate(inputs(), wrong); }),
              HasSubstr("sample 2: label out of range; expected 0 … 2"));
  Tensor half = labels(DType::float32);
  half.span<float>()[5 * kSteps] = 0.5F;
  EXPECT_THAT(error_of([&] { model.evaluate(inputs(), half); }),
              HasSubstr("sample 5: a label counts classes"));
  EXPECT_THAT(error_of([&] {
                model.evaluate(inputs(), Tensor(Shape{kSamples, 3}));
              }),
              HasSubstr("expected labels of shape (None, 4), got targets of shape (None, 3)"));
  EXPECT_THAT(error_of([&] { model.evaluate(inputs(), one_hot()); }), HasSubstr("one-hot rows"));
}

TEST(SequenceLabels, HaveNoClassWeights) {
  Sequential model = network("sparse_categorical_crossentropy");
  const std::string expected = "class_weight: expected outputs of one class per sample, (None, cl";
  EXPECT_THAT(error_of([&] {
                model.evaluate(inputs(), labels(), {.class_weight = {{1, 2.0}}});
              }),
              HasSubstr(expected));
  EXPECT_THAT(error_of([&] {
                model.fit(inputs(), labels(), {.class_weight = {{1, 2.0}}});
              }),
              HasSubstr(expected));
}

TEST(SequenceLabels, ThatAreComputedAreRefused) {
  Sequential model({Input({5}), Dense(1)});
  const Loss inner = SparseCategoricalCrossentropy();
  model.compile({.loss = [inner](Expression y_true, Expression y_pred) {
    Builder& b = y_pred.builder();
    return Expression(b, inner->lower(b, (y_true * 5).slot(), y_pred.slot()));
  }});
  const Tensor x(Shape{6, 5}), y(Shape{6, 1});
  EXPECT_THAT(error_of([&] { model.evaluate(x, y); }), HasSubstr("labels that are computed"));
}

}  // namespace sequence_labels_test
}  // namespace cornu::inline v0
