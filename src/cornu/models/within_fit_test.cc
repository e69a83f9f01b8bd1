// What a callback may do to the model during its fit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "cornu/core/error_of_test.h"
#include "cornu/models/sequential.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {
namespace within_fit_test {

using ::testing::HasSubstr;

constexpr const char* kHooks[] = {
    "on_train_begin", "on_epoch_begin",      "on_train_batch_begin", "on_train_batch_end",
    "on_test_begin",  "on_test_batch_begin", "on_test_batch_end",    "on_test_end",
    "on_epoch_end",   "on_train_end",
};

/// Calls a function the first time that one of the hooks is reached.
class At final : public Callback {
 public:
  At(std::string hook, std::function<void()> f) : hook_(std::move(hook)), f_(std::move(f)) {}
  void on_train_begin() override { reach("on_train_begin"); }
  void on_train_end(const History&) override { reach("on_train_end"); }
  void on_epoch_begin(int64_t) override { reach("on_epoch_begin"); }
  void on_epoch_end(EpochRecord&, const History&) override { reach("on_epoch_end"); }
  void on_train_batch_begin(int64_t) override { reach("on_train_batch_begin"); }
  void on_train_batch_end(int64_t, const Logs&) override { reach("on_train_batch_end"); }
  void on_test_begin() override { reach("on_test_begin"); }
  void on_test_end(const Logs&) override { reach("on_test_end"); }
  void on_test_batch_begin(int64_t) override { reach("on_test_batch_begin"); }
  void on_test_batch_end(int64_t, const Logs&) override { reach("on_test_batch_end"); }
  void on_predict_begin() override { reach("on_predict_begin"); }

  bool was_reached() const { return was_reached_; }

 private:
  void reach(const char* hook) {
    if (hook != hook_ || was_reached_) return;
    was_reached_ = true;
    f_();
  }
  const std::string hook_;
  const std::function<void()> f_;
  bool was_reached_ = false;
};

Dataset line() {
  Tensor x(Shape{8, 2});
  Tensor y(Shape{8, 1});
  for (size_t i = 0; i < 16; ++i) x.span<float>()[i] = static_cast<float>(i % 7) / 7;
  for (size_t i = 0; i < 8; ++i) y.span<float>()[i] = static_cast<float>(i) / 8;
  return Dataset(std::move(x), std::move(y));
}

CompileOptions how(int threads) {
  return {.optimizer = "sgd",
          .loss = "mse",
          .metrics = {"mae"},
          .execution = {.team = std::make_shared<Team>(threads), .minimum_work = 0}};
}

Sequential compiled(int threads) {
  Sequential model({Input({2}), Dense({.units = 32, .activation = "relu"}), Dense({.units = 1})});
  model.compile(how(threads));
  return model;
}

FitOptions watched_by(const std::shared_ptr<At>& callback) {
  return {.batch_size = 4,
          .epochs = 2,
          .verbose = 0,
          .callbacks = {callback},
          .validation_data = line()};
}

std::vector<float> kernel(const Model& model) {
  const auto values = model.weights()[0].second.span<float>();
  return {values.begin(), values.end()};
}

TEST(WithinAFit, ChangesToTheRunningModelAreRefusedInEachHook) {
  const std::pair<const char*, std::function<void(Sequential&)>> changes[] = {
      {"compile", [](Sequential& model) { model.compile({.loss = "mae"}); }},
      {"execute_with", [](Sequential& model) { model.execute_with({}); }},
      {"add", [](Sequential& model) { model.add(Dense({.units = 1})); }},
      {"pop", [](Sequential& model) { model.pop(); }},
      {"fit", [](Sequential& model) { model.fit(line(), {.verbose = 0}); }},
      {"fit", [](Sequential& model) { model.train_on_batch(line()); }},
  };
  for (const int threads : {1, 2}) {
    for (const auto& each : changes) {
      const char* const name = each.first;
      const auto& change = each.second;
      for (const char* hook : kHooks) {
        Sequential model = compiled(threads);
        std::string error;
        const auto at =
            std::make_shared<At>(hook, [&] { error = error_of([&] { change(model); }); });
        model.fit(line(), watched_by(at));
        EXPECT_THAT(error, HasSubstr(std::string("model \"sequential\": ") + name +
                                     " was called while the model is being fitted"))
            << hook;
        // The refused call changed nothing.
        Sequential same = compiled(threads);
        same.fit(line(), watched_by(std::make_shared<At>("", [] {})));
        EXPECT_EQ(kernel(model), kernel(same)) << name << " in " << hook;
        EXPECT_EQ(model.layers().size(), 3U);
      }
    }
  }
}

TEST(WithinAFit, SetTrainableCountsFromTheNextCompileOn) {
  for (const char* hook : kHooks) {
    Sequential model = compiled(1);
    Layer first = model.layers()[1];
    const auto at = std::make_shared<At>(hook, [&] { first.set_trainable(false); });
    model.fit(line(), watched_by(at));
    Sequential same = compiled(1);
    same.fit(line(), watched_by(std::make_shared<At>("", [] {})));
    EXPECT_TRUE(at->was_reached());
    EXPECT_EQ(kernel(model), kernel(same)) << hook;
    model.compile(how(1));
    model.fit(line(), {.verbose = 0});
    EXPECT_EQ(kernel(model), kernel(same)) << hook;
  }
}

TEST(WithinAFit, EvaluateAndPredictSeeTheWeightsOfTheLastStep) {
  Sequential one_step = compiled(1);
  one_step.fit(line().take(4), {.verbose = 0, .shuffle = false});
  const double loss = one_step.evaluate(line())["loss"];
  const float y = one_step.predict(line()).span<float>()[3];
  Sequential model = compiled(1);
  double found = 0;
  float predicted = 0;
  const auto at = std::make_shared<At>("on_train_batch_end", [&] {
    found = model.evaluate(line())["loss"];
    predicted = model.predict(line()).span<float>()[3];
  });
  FitOptions options = watched_by(at);
  options.shuffle = false;
  model.fit(line(), options);
  EXPECT_EQ(found, loss);
  EXPECT_EQ(predicted, y);
}

TEST(WithinAFit, AnExceptionOfAHookEndsTheFitAndTheModelStaysUsable) {
  for (const int threads : {1, 2}) {
    for (const char* hook : kHooks) {
      Sequential model = compiled(threads);
      const auto at = std::make_shared<At>(hook, [] { throw std::runtime_error("mine"); });
      try {
        model.fit(line(), watched_by(at));
        ADD_FAILURE() << hook << " threw nothing";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "mine");
      }
      model.predict(line());
      // The callback throws only once, and the model can be trained further.
      const double before = model.evaluate(line(), {.callbacks = {at}})["loss"];
      const History more = model.fit(line(), watched_by(at));
      EXPECT_EQ(more.epochs.size(), 2U) << hook;
      EXPECT_LT(more.last()["val_loss"], before) << hook;
      model.compile(how(threads));
    }
  }
}

TEST(WithinAFit, AModelThatItsCallbackReplacesTrainsToTheEnd) {
  Sequential model = compiled(1);
  const std::vector<float> fresh = kernel(model);
  const auto at = std::make_shared<At>("on_train_batch_end", [&] { model = compiled(1); });
  const History history = model.fit(line(), watched_by(at));
  EXPECT_EQ(history.epochs.size(), 2U);
  EXPECT_EQ(kernel(model), fresh);
}

TEST(WithinAFit, AnEvaluationAndAPredictionAreNotDisturbedEither) {
  Sequential model = compiled(1);
  for (const char* hook : {"on_test_begin", "on_test_batch_end", "on_predict_begin"}) {
    std::string error;
    const auto at =
        std::make_shared<At>(hook, [&] { error = error_of([&] { model.compile(how(1)); }); });
    model.evaluate(line(), {.callbacks = {at}});
    model.predict(line(), {.callbacks = {at}});
    EXPECT_THAT(error, HasSubstr("compile was called while the model is being evaluated or"))
        << hook;
  }
}

TEST(WithinAFit, TrainingIsThereInAFitOnly) {
  class Asks final : public Callback {
   public:
    void on_test_begin() override { training().stop(); }
  };
  Sequential model = compiled(1);
  const auto asks = std::make_shared<Asks>();
  EXPECT_THAT(error_of([&] { model.evaluate(line(), {.callbacks = {asks}}); }),
              HasSubstr("training() was called outside a fit"));
  model.fit(line(), {.verbose = 0, .callbacks = {asks}, .validation_data = line()});
  EXPECT_THAT(error_of([&] { model.evaluate(line(), {.callbacks = {asks}}); }),
              HasSubstr("training() was called outside a fit"));
}

}  // namespace within_fit_test
}  // namespace cornu::inline v0
