#include "cornu/models/predictor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include "cornu/core/error.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {
namespace predictor_test {

Sequential small_model() {
  Sequential model(
      {Dense({.units = 7, .activation = "sigmoid"}), Dense({.units = 3, .activation = "softmax"})});
  model.build({20});
  return model;
}

Tensor samples(int64_t rows, int64_t width) {
  Tensor x(Shape{rows, width});
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = i % 3 == 0 ? 0 : 0.01F * static_cast<float>(i % 97);
  }
  return x;
}

bool same(TensorView a, TensorView b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.nbytes()) == 0;
}

TEST(Predictor, GivesTheBitsOfPredictForOneSampleOrSeveral) {
  const Sequential model = small_model();
  const Tensor x = samples(5, 20);
  const Tensor expected = model.predict(x);
  Predictor one = model.predictor();
  for (int64_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(same(one.predict(x.view().row(i)), expected.view().rows(i, i + 1)));
    EXPECT_TRUE(same(one.predict(x.view().rows(i, i + 1)), expected.view().rows(i, i + 1)));
  }
  Predictor several = model.predictor({.rows = 8});
  EXPECT_TRUE(same(several.predict(x), expected));
  EXPECT_TRUE(same(several.predict(x.view().rows(1, 4)), expected.view().rows(1, 4)));
}

TEST(Predictor, ReadsBytesAsTheTrainingDataWereRead) {
  Tensor x(Shape{30, 20}, DType::uint8);
  Tensor y(Shape{30}, DType::uint8);
  for (size_t i = 0; i < 600; ++i) x.span<uint8_t>()[i] = static_cast<uint8_t>(i * i % 256);
  for (size_t i = 0; i < 30; ++i) y.span<uint8_t>()[i] = static_cast<uint8_t>(i % 3);
  const Dataset data = Dataset(x, y).divide(255).to_categorical(3);
  Sequential model = small_model();
  model.compile({.optimizer = "sgd", .loss = "categorical_crossentropy"});
  model.fit(data, {.epochs = 2, .verbose = 0});
  Predictor predictor = model.predictor({.rows = 30, .dtype = DType::uint8});
  EXPECT_TRUE(same(predictor.predict(x), model.predict(data)));
}

TEST(Predictor, FollowsTheWeightsAndOutlivesTheModel) {
  auto model = std::make_unique<Sequential>(small_model());
  const Tensor x = samples(1, 20);
  Predictor predictor = model->predictor();
  const Tensor before(predictor.predict(x));
  const Tensor kernel(Shape{20, 7});
  model->set_weight("dense/kernel", kernel);
  const Tensor moved = model->predict(x);
  EXPECT_TRUE(same(predictor.predict(x), moved));
  EXPECT_FALSE(same(before, moved));
  model.reset();
  EXPECT_TRUE(same(predictor.predict(x), moved));
}

TEST(Predictor, EachThreadMayHaveItsOwn) {
  const Sequential model = small_model();
  const Tensor x = samples(40, 20);
  const Tensor expected = model.predict(x);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      Predictor predictor = model.predictor();
      for (int64_t i = 0; i < 40; ++i) {
        if (!same(predictor.predict(x.view().row(i)), expected.view().rows(i, i + 1))) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Predictor, RefusesOtherShapesAndDtypes) {
  const Sequential model = small_model();
  Predictor predictor = model.predictor({.rows = 2});
  EXPECT_THROW(predictor.predict(samples(3, 20)), Error);
  EXPECT_THROW(predictor.predict(samples(1, 19)), Error);
  EXPECT_THROW(predictor.predict(Tensor(Shape{1, 20}, DType::uint8)), Error);
  EXPECT_THROW(predictor.predict(Tensor(Shape{0, 20})), Error);
  EXPECT_THROW(model.predictor({.rows = 0}), Error);
  try {
    predictor.predict(samples(3, 20));
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Predictor::predict: expected float32 samples (None, 20), at most 2, got float32 "
                 "(3, 20).");
  }
}

}  // namespace predictor_test
}  // namespace cornu::inline v0
