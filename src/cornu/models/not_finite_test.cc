// A loss or weight that is not finite: the error, and the state after it.

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "cornu/cornu.h"

namespace cornu::inline v0 {
namespace not_finite_test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// `samples` rows of 3 numbers, each with a number to learn.
Dataset data(int64_t samples) {
  Tensor x(Shape{samples, 3});
  Tensor y(Shape{samples, 1});
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>(i % 7) / 7;
  }
  return Dataset(std::move(x), std::move(y));
}

std::vector<Tensor> weights_of(const Model& model) {
  std::vector<Tensor> all;
  for (const auto& [name, value] : model.weights()) all.emplace_back(value);
  return all;
}

void expect_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::memcmp(a[i].data(), b[i].data(), a[i].nbytes()), 0) << i;
  }
}

Sequential network(const Optimizer& optimizer, std::string_view activation = "relu",
                   ExecutionOptions execution = {}) {
  Sequential model({Input({3}), Dense({.units = 4, .activation = activation}),
                    Dense({.units = 1, .name = "last"})});
  model.compile({.optimizer = optimizer, .loss = "mse", .execution = std::move(execution)});
  return model;
}

TEST(NotFinite, AWeightThatIsRefusedStaysAsItWas) {
  Sequential model = network("sgd");
  const std::vector<Tensor> before = weights_of(model);
  Tensor bias(Shape{1});
  bias.span<float>()[0] = kNaN;
  EXPECT_EQ(error_of([&] { model.set_weight("last/bias", bias); }),
            "weight last/bias: expected finite numbers, got nan at element 0.");
  EXPECT_EQ(error_of([&] { model.set_weight("last/bias", Tensor(Shape{2})); }),
            "weight last/bias: expected float32 values of shape (1,), got float32 of shape (2,).");
  expect_same(weights_of(model), before);
}

TEST(NotFinite, ASampleWithNaNIsNamed) {
  for (const bool shuffle : {false, true}) {
    Dataset all = data(50);
    Tensor x(all.x());
    x.span<float>()[37 * 3 + 2] = kNaN;
    Sequential model = network("adam");
    const auto before = weights_of(model);
    EXPECT_EQ(error_of([&] {
                model.fit(std::move(x), Tensor(all.y()),
                          {.batch_size = 8, .epochs = 3, .verbose = 0, .shuffle = shuffle});
              }),
              "sample 37: input 0 is not finite, got nan at element 2. Hint: the model's weights "
              "are those from before the epoch");
    expect_same(weights_of(model), before);
  }
}

TEST(NotFinite, AnEvaluationAndAValidationNameTheSampleToo) {
  Dataset all = data(50);
  Tensor x(all.x());
  x.span<float>()[37 * 3 + 2] = kNaN;
  const Dataset bad(std::move(x), Tensor(all.y()));
  const std::string named = "sample 37: input 0 is not finite, got nan at element 2.";
  for (const int64_t batch_size : {7, 64}) {
    EXPECT_EQ(error_of([&] { network("adam").evaluate(bad, {.batch_size = batch_size}); }), named);
    EXPECT_EQ(error_of([&] {
                network("adam").fit(
                    all, {.batch_size = batch_size, .verbose = 0, .validation_data = bad});
              }),
              named);
  }
  // Only the samples of these steps count.
  const Sequential model = network("adam");
  EXPECT_EQ(error_of([&] { model.evaluate(bad, {.batch_size = 7, .steps = 5}); }), "no error");
  Tensor y(all.y());
  y.span<float>()[11] = kNaN;
  EXPECT_EQ(error_of([&] { model.evaluate(Dataset(Tensor(all.x()), std::move(y))); }),
            "sample 11: target 0 is not finite, got nan at element 0.");
}

TEST(NotFinite, ATargetAndASampleWeightAreNamedToo) {
  Dataset all = data(20);
  Tensor y(all.y());
  y.span<float>()[11] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(error_of([&] { network("adam").fit(Tensor(all.x()), std::move(y), {.verbose = 0}); }),
              StartsWith("sample 11: target 0 is not finite, got inf at element 0"));
}

// A rate so large that products of the weights overflow float32 in the next step.
TEST(NotFinite, AWeightThatRanAwayIsNamedWithItsStep) {
  for (const int threads : {1, 3}) {
    Sequential model = network(SGD({.learning_rate = 1e20}), "linear",
                               {.team = std::make_shared<Team>(threads), .minimum_work = 0});
    Dataset all = data(64);
    Tensor y(all.y());
    for (float& each : y.span<float>()) each = 1;
    const std::string error = error_of([&] {
      model.fit(Tensor(all.x()), std::move(y),
                {.batch_size = 8, .epochs = 3, .verbose = 0, .shuffle = false});
    });
    EXPECT_THAT(error,
                AllOf(StartsWith("layer \"last\": product of sample 8 is not finite in step 2 of "
                                 "epoch 1, got -inf at element 0. Hint: last/bias reaches "),
                      HasSubstr("1.85e+20; a smaller learning_rate")));
    for (const Tensor& each : weights_of(model)) {
      for (int64_t i = 0; i < each.size(); ++i) EXPECT_TRUE(std::isfinite(each.at(i)));
    }
  }
}

TEST(NotFinite, AnActivationThatOverflowsIsNamedWithLayerAndSample) {
  Dataset all = data(20);
  Tensor x(all.x());
  x.span<float>()[13 * 3] = 500;
  Sequential model({Input({3}), Rescaling({.name = "first"}),
                    ActivationLayer({.activation = "exponential", .name = "exp"}),
                    Dense({.units = 1})});
  model.compile({.loss = "mse"});
  EXPECT_THAT(
      error_of([&] {
        model.fit(std::move(x), Tensor(all.y()), {.batch_size = 5, .verbose = 0, .shuffle = false});
      }),
      StartsWith("layer \"exp\": pointwise of sample 13 is not finite in step 3 of epoch 1, "
                 "got inf at element 0."));
}

// The error restores the state before the epoch bit for bit; a fit that continues from there equals
// one without the error.
TEST(NotFinite, TheStateBeforeTheEpochIsRestored) {
  const auto make = [] {
    Sequential model({Input({3}), Dense({.units = 8, .activation = "tanh"}),
                      Dropout({.rate = 0.2F}), Dense({.units = 1})});
    model.compile({.optimizer = Adam({.learning_rate = 0.01}), .loss = "mse"});
    return model;
  };
  Sequential model = make();
  Sequential other = make();
  model.fit(data(64), {.batch_size = 8, .epochs = 2, .verbose = 0});
  other.fit(data(64), {.batch_size = 8, .epochs = 2, .verbose = 0});
  Tensor x(data(64).x());
  x.span<float>()[50 * 3] = kNaN;
  EXPECT_THAT(error_of([&] {
                model.fit(std::move(x), Tensor(data(64).y()), {.batch_size = 8, .verbose = 0});
              }),
              StartsWith("sample 50: "));
  expect_same(weights_of(model), weights_of(other));
  model.fit(data(64), {.batch_size = 8, .epochs = 2, .verbose = 0});
  other.fit(data(64), {.batch_size = 8, .epochs = 2, .verbose = 0});
  expect_same(weights_of(model), weights_of(other));
}

TEST(NotFinite, NamesTheSampleWithStepsPerEpochToo) {
  Tensor x(data(64).x());
  x.span<float>()[50 * 3] = kNaN;
  Sequential model = network("adam");
  EXPECT_THAT(error_of([&] {
                model.fit(std::move(x), Tensor(data(64).y()),
                          {.batch_size = 8, .epochs = 9, .verbose = 0, .steps_per_epoch = 3});
              }),
              StartsWith("sample 50: "));
}

TEST(NotFinite, TheErrorOfAStreamNamesTheEpoch) {
  class Once final : public Stream {
   public:
    Spec spec() const override { return data_.spec(); }
    int64_t next(Batch& batch, int64_t) override {
      if (done_) return 0;
      done_ = true;
      const std::vector<uint64_t> ids = {0, 1};
      data_.fill(ids, 0, batch);
      batch.x[0].span<float>()[0] = kNaN;
      return 2;
    }
    Dataset data_ = data(2);
    bool done_ = false;
  };
  Once stream;
  EXPECT_THAT(error_of([&] { network("adam").fit(stream, {.verbose = 0}); }),
              StartsWith("fit: loss or weights are not finite after epoch 1"));
}

TEST(NotFinite, EndsAFitOfTerminateOnNaNWithoutAnError) {
  Tensor x(data(64).x());
  x.span<float>()[20 * 3] = kNaN;
  Sequential model = network("adam");
  ::testing::internal::CaptureStderr();
  const History history = model.fit(std::move(x), Tensor(data(64).y()),
                                    {.batch_size = 8,
                                     .epochs = 4,
                                     .verbose = 0,
                                     .callbacks = {TerminateOnNaN()},
                                     .shuffle = false});
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("Batch 2: "));
  EXPECT_EQ(history.epochs.size(), 1U);
  EXPECT_TRUE(std::isnan(history.last()["loss"]));
}

}  // namespace not_finite_test
}  // namespace cornu::inline v0
