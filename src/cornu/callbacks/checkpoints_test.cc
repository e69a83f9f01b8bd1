#include "cornu/callbacks/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cornu/callbacks/checkpoint_folder.h"
#include "cornu/callbacks/csv_logger.h"
#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/lambda_callback.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/callbacks/resumed_fits_test.h"
#include "cornu/core/error.h"
#include "cornu/core/error_of_test.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adam.h"
#include "cornu/saving/model_file.h"
#include "cornu/schedules/cosine_decay.h"

namespace cornu::inline v0 {
namespace checkpoints_test {

using namespace resumed_fits_test;
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Begins each fit with a rate and weights of its own.
class BeginsAnew final : public Callback {
 public:
  void on_train_begin() override {
    training().set_learning_rate(0.05);
    std::vector<Tensor> weights = training().weights();
    weights.front().span<float>()[0] = 0.5F;
    training().set_weights(weights);
  }
};

// Any place in the fit: within an epoch, at its last step, between epochs.
TEST_F(CheckpointsTest, AFitGoesOnFromAnyStepBitForBit) {
  constexpr int64_t kSteps = 42;
  Sequential whole = compiled();
  const Result expected = result_of(whole, whole.fit(points(), options()));
  ASSERT_THAT(expected.logs, SizeIs(6));
  for (const char* every : {"1epoch", "3steps", "1step"}) {
    for (int64_t steps = 1; steps < kSteps; steps += 4) {
      fs::remove_all(path());
      FitOptions first = options(path());
      first.checkpoint_every = every;
      first.callbacks.insert(first.callbacks.begin(),
                             std::make_shared<StopAfter>(first.stop, steps));
      Sequential interrupted = compiled();
      EXPECT_TRUE(interrupted.fit(points(), first).stopped);
      FitOptions second = options(path());
      const auto counter = std::make_shared<StopAfter>(second.stop);
      second.callbacks.insert(second.callbacks.begin(), counter);
      Sequential resumed = compiled();
      EXPECT_EQ(result_of(resumed, resumed.fit(points(), second)), expected)
          << every << ", " << steps << " steps";
      EXPECT_EQ(counter->count(), kSteps - steps) << "the second fit went on after the first";
    }
  }
}

// Callbacks that change the fit, a schedule, and files of callbacks.
TEST_F(CheckpointsTest, CallbacksGoOnWithWhatTheyKnew) {
  const auto fitting = [&](const std::string& csv) {
    FitOptions with = options();
    with.epochs = 12;
    with.callbacks = {
        ReduceLROnPlateau({.monitor = "loss", .factor = 0.5, .patience = 1, .min_delta = 0.06}),
        EarlyStopping(
            {.monitor = "loss", .min_delta = 0.04, .patience = 2, .restore_best_weights = true}),
        CSVLogger(csv)};
    return with;
  };
  const std::string csv = path() + "_log.csv";
  const auto text = [&] {
    std::ifstream file(csv);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  Sequential whole = compiled();
  const Result expected = result_of(whole, whole.fit(points(), fitting(csv)));
  const std::string expected_text = text();
  ASSERT_LT(expected.logs.size(), 12) << "EarlyStopping must end it";
  ASSERT_THAT(expected_text, HasSubstr("0.0025")) << "the learning rate must be reduced twice";
  for (int64_t steps = 3; steps < static_cast<int64_t>(expected.logs.size()) * 7; steps += 9) {
    fs::remove_all(path());
    FitOptions first = fitting(csv);
    first.checkpoint_dir = path();
    first.callbacks.insert(first.callbacks.begin(), std::make_shared<StopAfter>(first.stop, steps));
    Sequential interrupted = compiled();
    interrupted.fit(points(), first);
    std::ofstream(csv, std::ios::app) << "a line that was written after the checkpoint";
    FitOptions second = fitting(csv);
    second.checkpoint_dir = path();
    second.callbacks.insert(second.callbacks.begin(), std::make_shared<StopAfter>(second.stop));
    Sequential resumed = compiled();
    EXPECT_EQ(result_of(resumed, resumed.fit(points(), second)), expected) << steps << " steps";
    EXPECT_EQ(text(), expected_text) << steps << " steps";
  }
  fs::remove(csv);
}

TEST_F(CheckpointsTest, AScheduleAndTheEndOfAPassGoOn) {
  const Settings scheduled{
      .optimizer =
          Adam({.learning_rate = CosineDecay({.initial_learning_rate = 0.05, .decay_steps = 30}),
                .use_ema = true,
                .ema_momentum = 0.9})};
  FitOptions fitting = options();
  fitting.callbacks = {};
  fitting.steps_per_epoch = 5;  // of 7 in a pass
  Sequential whole = compiled(scheduled);
  const Result expected = result_of(whole, whole.fit(points(), fitting));
  for (int64_t steps = 1; steps < 30; steps += 3) {
    fs::remove_all(path());
    FitOptions first = fitting;
    first.checkpoint_dir = path();
    first.callbacks = {std::make_shared<StopAfter>(first.stop = StopToken(), steps)};
    Sequential interrupted = compiled(scheduled);
    interrupted.fit(points(), first);
    FitOptions second = fitting;
    second.checkpoint_dir = path();
    second.callbacks = {std::make_shared<StopAfter>(second.stop)};
    Sequential resumed = compiled(scheduled);
    EXPECT_EQ(result_of(resumed, resumed.fit(points(), second)), expected) << steps << " steps";
  }
}

/// The points as a stream of batches.
class PointStream final : public Stream {
 public:
  explicit PointStream(bool rewinds) : data_(points()), rewinds_(rewinds) {}
  Spec spec() const override { return data_.spec(); }
  int64_t next(Batch& batch, int64_t capacity) override {
    const int64_t rows = std::min(capacity, data_.size() - at_);
    std::vector<uint64_t> ids(static_cast<size_t>(rows));
    std::iota(ids.begin(), ids.end(), static_cast<uint64_t>(at_));
    data_.fill(ids, 0, batch);
    at_ += rows;
    return rows;
  }
  bool rewind() override {
    if (rewinds_) at_ = 0;
    return rewinds_;
  }

 private:
  Dataset data_;
  bool rewinds_;
  int64_t at_ = 0;
};

TEST_F(CheckpointsTest, AStreamIsReadAgainUpToTheStep) {
  for (const int64_t steps_per_epoch : {0, 2}) {
    FitOptions fitting{.batch_size = 8, .epochs = 4, .verbose = 0};
    fitting.steps_per_epoch = steps_per_epoch;
    const int64_t all = 4 * (steps_per_epoch == 0 ? 9 : 2);
    Sequential whole = compiled();
    PointStream stream(steps_per_epoch == 0);
    const Result expected = result_of(whole, whole.fit(stream, fitting));
    for (int64_t steps = 1; steps < all; ++steps) {
      fs::remove_all(path());
      FitOptions first = fitting;
      first.stop = StopToken();
      first.checkpoint_dir = path();
      first.callbacks = {std::make_shared<StopAfter>(first.stop, steps)};
      Sequential interrupted = compiled();
      PointStream half(steps_per_epoch == 0);
      interrupted.fit(half, first);
      FitOptions second = fitting;
      second.stop = StopToken();
      second.checkpoint_dir = path();
      const auto counter = std::make_shared<StopAfter>(second.stop);
      second.callbacks = {counter};
      Sequential resumed = compiled();
      PointStream again(steps_per_epoch == 0);
      EXPECT_EQ(result_of(resumed, resumed.fit(again, second)), expected) << steps << " steps";
      EXPECT_EQ(counter->count(), all - steps);
    }
  }
}

TEST_F(CheckpointsTest, AnotherFitIsRefusedAndTheDifferencesAreListed) {
  Sequential model = compiled();
  model.fit(points(), options(path()));
  const auto complaint = [&](const Settings& settings, const Dataset& data, FitOptions fitting) {
    Sequential other = compiled(settings);
    const std::string before = weights_sha256(other.weights());
    std::string error = error_of([&] { other.fit(data, fitting); });
    EXPECT_EQ(weights_sha256(other.weights()), before);
    return error;
  };
  EXPECT_THAT(complaint({}, points(70, 0.5F), options(path())), HasSubstr("data/fingerprint: "));
  EXPECT_THAT(complaint({}, points(80), options(path())), HasSubstr("data/size: 80, before 70"));
  EXPECT_THAT(
      complaint({.optimizer = Adam({.learning_rate = 0.02, .gradient_accumulation_steps = 2})},
                points(), options(path())),
      HasSubstr("compile/optimizer/config/learning_rate: 0.02, before 0.01"));
  EXPECT_THAT(complaint({.units = 9}, points(), options(path())),
              HasSubstr("network/layers/1/config/units: 9, before 8"));
  FitOptions other = options(path());
  other.batch_size = 16;
  other.shuffle = false;
  EXPECT_THAT(complaint({}, points(), other),
              HasSubstr("fit/batch_size: 16, before 8; fit/shuffle: false, before true"));
  other = options(path());
  other.callbacks.pop_back();
  EXPECT_THAT(complaint({}, points(), other),
              HasSubstr("callbacks: ReduceLROnPlateau, before ReduceLROnPlateau, EarlyStopping"));
  other = options(path());
  std::swap(other.callbacks[0], other.callbacks[1]);
  EXPECT_THAT(complaint({}, points(), other),
              HasSubstr("callbacks: EarlyStopping, ReduceLROnPlateau, before ReduceLROnPlateau"));
  FitOptions validated = options(folder_.file("validated"));
  validated.validation_split = 0;
  validated.validation_data = points(20);
  Sequential first = compiled();
  first.fit(points(), validated);
  validated.validation_data = points(20, 0.5F);
  EXPECT_THAT(complaint({}, points(), validated), HasSubstr("validation_data/fingerprint: "));
  // A second fit of the same model is not the one that the folder is of.
  EXPECT_THAT(error_of([&] { model.fit(points(), options(path())); }),
              HasSubstr("before/epochs: 6, before 0"));
  // A seed is taken over, as another one would shuffle otherwise.
  Sequential reseeded = compiled({.seed = 77});
  EXPECT_EQ(result_of(reseeded, reseeded.fit(points(), options(path()))).weights,
            weights_sha256(model.weights()));
}

TEST_F(CheckpointsTest, AFitThatHasEndedIsNotRepeatedAndMoreEpochsGoOn) {
  FitOptions longer = options();
  longer.epochs = 9;
  longer.callbacks = {};
  Sequential whole = compiled();
  const Result expected = result_of(whole, whole.fit(points(), longer));
  FitOptions shorter = longer;
  shorter.epochs = 4;
  shorter.checkpoint_dir = path();
  Sequential first = compiled();
  const Result of_first = result_of(first, first.fit(points(), shorter));
  const auto counter = std::make_shared<StopAfter>(longer.stop);
  shorter.callbacks = {counter};
  EXPECT_EQ(files().size(), 3);
  // The other callback has no state.
  Sequential again = compiled();
  EXPECT_EQ(result_of(again, again.fit(points(), shorter)), of_first);
  longer.checkpoint_dir = path();
  Sequential more = compiled();
  EXPECT_EQ(result_of(more, more.fit(points(), longer)), expected);
}

TEST_F(CheckpointsTest, AFitThatIsRefusedLeavesTheFilesOfTheFirst) {
  const std::string log = path() + "/log.csv";
  const auto text = [&] {
    std::ostringstream all;
    all << std::ifstream(log).rdbuf();
    return all.str();
  };
  FitOptions first{.epochs = 2, .verbose = 0};
  first.callbacks = {CSVLogger(log)};
  first.checkpoint_dir = path();
  fs::create_directories(path());
  compiled().fit(points(), first);
  const std::string before = text();
  ASSERT_THAT(before, HasSubstr("\n1,"));
  first.epochs = 3;
  EXPECT_THROW(compiled({.units = 9}).fit(points(), first), Error);
  EXPECT_EQ(text(), before);
  const CheckpointFolder other_writer(path());
  EXPECT_THROW(compiled().fit(points(), first), Error);
  EXPECT_EQ(text(), before);
}

// They prepare the model for a fit that begins.
TEST_F(CheckpointsTest, HooksOfTheBeginDoNotChangeAModelThatGoesOn) {
  const auto fit = [&](int64_t epochs, const std::string& folder) {
    Sequential model = compiled();
    FitOptions fitting{.epochs = epochs, .verbose = 0};
    fitting.callbacks = {std::make_shared<BeginsAnew>(),
                         LearningRateScheduler([](int64_t, double rate) { return rate * 0.8; })};
    if (!folder.empty()) {
      fitting.callbacks.insert(fitting.callbacks.begin(), Checkpoints({.directory = folder}));
    }
    const History history = model.fit(points(), fitting);
    return result_of(model, history);
  };
  const Result whole = fit(5, "");
  fit(3, path());
  EXPECT_EQ(fit(5, path()), whole);
}

// Files whose names have the right SHA-256 all the same.
TEST_F(CheckpointsTest, StatesOfCallbacksThatCannotBeAreRefused) {
  Sequential model = compiled();
  FitOptions two = options(path());
  two.epochs = 2;
  model.fit(points(), two);
  const auto complaint = [&](const std::function<void(FitState&)>& change) {
    {
      CheckpointFolder folder(path());
      FitState state = *folder.newest(std::cerr);
      change(state);
      fs::remove_all(path());
      CheckpointFolder(path()).write(std::move(state));
    }
    Sequential other = compiled();
    return error_of([&] { other.fit(points(), options(path())); });
  };
  EXPECT_THAT(complaint([](FitState& state) {
                state.callbacks[1].values[0].second = int64_t{1} << 62;  // EarlyStopping's wait
              }),
              HasSubstr("EarlyStopping: expected epochs, steps and samples from 0"));
  // One name that reads like two.
  EXPECT_THAT(complaint([](FitState& state) {
                state.callbacks[0].name += ", " + state.callbacks[1].name;
                state.callbacks[1].name = "";
              }),
              HasSubstr("callbacks: ReduceLROnPlateau, EarlyStopping, before"));
}

/// Writes down the numbers that logs of a model's whole life have.
class LifeNumbers final : public Callback {
 public:
  bool watches_batches() const override { return false; }
  void on_epoch_end(EpochRecord& record, const History& history) override {
    if (history.stopped) return;
    numbers.emplace_back(training().epoch_of_life(record.epoch), training().steps());
  }
  std::vector<std::pair<int64_t, int64_t>> numbers;
};

// TensorBoard's points would lie elsewhere.
TEST_F(CheckpointsTest, AModelThatGoesOnCountsTheEpochsOfItsLifeAsBefore) {
  const auto second_fit = [&](int64_t stop_after) {
    Sequential model = compiled();
    FitOptions first = options();
    first.epochs = 2;
    first.callbacks = {};
    model.fit(points(), first);
    const auto life = std::make_shared<LifeNumbers>();
    FitOptions second = options(path());
    fs::remove_all(path());
    second.callbacks = {std::make_shared<StopAfter>(second.stop, stop_after), life};
    model.fit(points(), second);
    second.stop = StopToken();
    second.callbacks = {std::make_shared<StopAfter>(second.stop), life};
    if (stop_after < 42) model.fit(points(), second);
    return life->numbers;
  };
  const auto expected = second_fit(1000);
  ASSERT_THAT(expected, SizeIs(6));
  EXPECT_EQ(expected.front(), std::pair(int64_t{2}, int64_t{21}));
  EXPECT_EQ(second_fit(17), expected);
  EXPECT_EQ(second_fit(21), expected);
}

TEST_F(CheckpointsTest, BySecondsOneIsWrittenWithinAnEpoch) {
  FitOptions fitting = options(path());
  fitting.checkpoint_every = "1s";
  fitting.callbacks = {LambdaCallback({.on_train_batch_end = [](int64_t step, const Logs&) {
    if (step == 2) std::this_thread::sleep_for(std::chrono::milliseconds(1050));
    if (step == 5) throw std::runtime_error("a crash");
  }})};
  Sequential model = compiled();
  EXPECT_THROW(model.fit(points(), fitting), std::runtime_error);
  ASSERT_THAT(files(), SizeIs(1));
  EXPECT_THAT(files()[0], ::testing::StartsWith("epoch-0000-step-000004-"));
}

}  // namespace checkpoints_test
}  // namespace cornu::inline v0
