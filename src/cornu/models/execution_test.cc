// On any number of threads a program gets the same results.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>

#include "cornu/core/sanitized_test.h"
#include "cornu/layers/dense.h"
#include "cornu/models/sequential.h"
#include "cornu/ops/custom.h"

namespace cornu::inline v0 {
namespace execution_test {

constexpr int64_t kSamples = 96, kColumns = 40;

Tensor samples() {
  Tensor x(Shape{kSamples, kColumns});
  for (size_t i = 0; float& v : x.span<float>()) v = std::sin(static_cast<float>(i++));
  return x;
}

Tensor labels() {
  Tensor y(Shape{kSamples}, DType::int32);
  for (int i = 0; int32_t & v : y.span<int32_t>()) v = i++ % 10;
  return y;
}

/// Teams that must all give the same results: of 1, 2 and 3 members, elastic, and of a size drawn
/// anew for every step.
std::vector<std::shared_ptr<Team>> teams() {
  std::vector<std::shared_ptr<Team>> all;
  for (int size : {1, 2, 3}) all.push_back(std::make_shared<Team>(size));
  all.push_back(std::make_shared<Team>(2, Sizing::elastic));
  all.push_back(std::make_shared<Team>(4, Sizing::drawn));
  return all;
}

Sequential compiled(std::shared_ptr<Team> team) {
  Sequential model({Input({kColumns}), Dense({.units = 80, .activation = "relu"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy",
                 .execution = {.team = std::move(team), .minimum_work = 0}});
  return model;
}

float largest(const std::vector<Tensor>& weights) {
  float most = 0;
  for (const Tensor& weight : weights) {
    for (float v : weight.span<float>()) most = std::max(most, std::abs(v));
  }
  return most;
}

class Clip final : public Callback {
 public:
  void on_train_batch_end(int64_t, const Logs&) override {
    std::vector<Tensor> weights = training().weights();
    for (Tensor& weight : weights) {
      for (float& v : weight.span<float>()) v = std::clamp(v, -0.01F, 0.01F);
    }
    training().set_weights(weights);
  }
};

TEST(Execution, WeightsThatACallbackSetsAfterABatchHold) {
  for (const auto& team : teams()) {
    Sequential model = compiled(team);
    model.fit(samples(), labels(), {.batch_size = 16, .verbose = 0, .callbacks = {Clip()}});
    std::vector<Tensor> weights;
    for (const auto& [name, weight] : model.weights()) weights.emplace_back(weight);
    EXPECT_LE(largest(weights), 0.01F) << team->size();
  }
}

/// Keeps the weights that each hook of a batch reads.
class Reader final : public Callback {
 public:
  void on_train_batch_begin(int64_t) override { read(); }
  void on_train_batch_end(int64_t, const Logs&) override { read(); }
  std::vector<std::vector<Tensor>> seen;

 private:
  void read() { seen.push_back(training().weights()); }
};

TEST(Execution, ACallbackReadsTheWeightsOfTheStepThatHasEnded) {
  std::vector<std::vector<Tensor>> expected;
  for (const auto& team : teams()) {
    Sequential model = compiled(team);
    const auto reader = std::make_shared<Reader>();
    model.fit(samples(), labels(), {.batch_size = 16, .verbose = 0, .callbacks = {reader}});
    ASSERT_EQ(reader->seen.size(), 2U * kSamples / 16);
    if (expected.empty()) expected = reader->seen;
    for (size_t i = 0; i < expected.size(); ++i) {
      for (size_t w = 0; w < expected[i].size(); ++w) {
        const Tensor& weight = reader->seen[i][w];
        EXPECT_EQ(std::memcmp(weight.data(), expected[i][w].data(), weight.nbytes()), 0)
            << "hook " << i << ", weight " << w << ", team of " << team->size();
      }
    }
  }
}

/// y = x; it throws where x is above `limit`, and backward where dy is.
struct Limited {
  static constexpr std::string_view kName = "limited";
  float forward_limit, backward_limit;
  Shape output_shape(std::span<const Shape> in) const { return in[0]; }
  template <class T>
  void forward(const ops::CustomInputs<T>& in, std::span<T> y) const {
    for (size_t i = 0; i < y.size(); ++i) {
      if (in[0][i] > static_cast<T>(forward_limit)) throw std::domain_error("x is too large");
      y[i] = in[0][i];
    }
  }
  template <class T>
  void backward(const ops::CustomInputs<T>&, std::span<const T>, std::span<const T> dy, size_t,
                std::span<T> dx) const {
    for (size_t i = 0; i < dx.size(); ++i) {
      if (std::abs(dy[i]) > static_cast<T>(backward_limit)) throw std::domain_error("dy");
      dx[i] += dy[i];
    }
  }
};

class LimitedActivation final : public ActivationDescription {
 public:
  explicit LimitedActivation(Limited limits) : limits_(limits) {}
  std::string_view name() const override { return "limited"; }
  SlotId lower(Builder& b, SlotId x) const override {
    return b.emit_one(ops::custom(limits_), {x});
  }

 private:
  Limited limits_;
};

Sequential limited(Limited limits, std::shared_ptr<Team> team) {
  const Activation activation(std::make_shared<LimitedActivation>(limits));
  Sequential model({Input({kColumns}), Dense({.units = kColumns, .kernel_initializer = "identity"}),
                    ActivationLayer({.activation = activation}), Dense({.units = 1})});
  model.compile({.loss = "mse", .execution = {.team = std::move(team), .minimum_work = 0}});
  return model;
}

TEST(Execution, AnOpThatThrowsEndsItsCallOnAnyNumberOfThreads) {
  constexpr float kNever = std::numeric_limits<float>::max();
  for (const auto& team : teams()) {
    Sequential model = limited({.forward_limit = 5, .backward_limit = kNever}, team);
    // In the rows of the first member, of the last, and of all of them.
    for (const std::vector<size_t>& rows :
         {std::vector<size_t>{0}, {kSamples - 1}, {0, kSamples / 2, kSamples - 1}}) {
      Tensor x = samples();
      for (const size_t row : rows) x.span<float>()[row * kColumns] = 6;
      EXPECT_THROW(model.predict(x), std::domain_error);
      EXPECT_THROW(model.fit(x, Tensor(Shape{kSamples, 1}), {.verbose = 0}), std::domain_error);
      EXPECT_THROW(model.evaluate(x, Tensor(Shape{kSamples, 1})), std::domain_error);
    }
    EXPECT_EQ(model.predict(samples()).shape(), (Shape{kSamples, 1}));
    Sequential backward = limited({.forward_limit = kNever, .backward_limit = 0}, team);
    EXPECT_THROW(backward.fit(samples(), Tensor(Shape{kSamples, 1}), {.verbose = 0}),
                 std::domain_error);
    EXPECT_EQ(backward.predict(samples()).shape(), (Shape{kSamples, 1}));
  }
}

TEST(Execution, ABatchSizeBeyondTheSamplesIsTheirNumber) {
  constexpr int64_t kHuge = 100'000'000'000;
  Sequential model = compiled(nullptr);
  const Dataset data(samples(), labels());
  const Tensor expected = model.predict(data, {.batch_size = kSamples});
  const Tensor y = model.predict(data, {.batch_size = kHuge});
  EXPECT_EQ(std::memcmp(y.data(), expected.data(), y.nbytes()), 0);
  EXPECT_EQ(model.evaluate(data, {.batch_size = kHuge})["loss"],
            model.evaluate(data, {.batch_size = kSamples})["loss"]);
  const History history = model.fit(
      data,
      {.batch_size = kHuge, .verbose = 0, .validation_data = data, .validation_batch_size = kHuge});
  EXPECT_EQ(history.epochs.size(), 1U);
}

TEST(Execution, APlanForMoreRowsThanMemoryHoldsIsAnError) {
  if (kSanitized) GTEST_SKIP() << "the sanitizers end a program that asks for so much memory";
  Sequential model = compiled(nullptr);
  EXPECT_THROW(model.predictor({.rows = 1'000'000'000'000'000}), Error);
}

TEST(Execution, AForkedChildPredicts) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "no threads after a fork under this sanitizer";
#endif
  Sequential model = compiled(std::make_shared<Team>(2));
  const Tensor expected = model.predict(samples());
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    const Tensor y = model.predict(samples());
    _exit(std::memcmp(y.data(), expected.data(), y.nbytes()) == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace execution_test
}  // namespace cornu::inline v0
