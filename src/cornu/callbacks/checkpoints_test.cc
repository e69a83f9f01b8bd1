#include "cornu/callbacks/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "cornu/callbacks/checkpoint_file.h"
#include "cornu/callbacks/checkpoint_folder.h"
#include "cornu/callbacks/csv_logger.h"
#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/core/error.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/dropout.h"
#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adam.h"
#include "cornu/saving/model_file.h"
#include "cornu/schedules/cosine_decay.h"

namespace cornu::inline v0 {
namespace checkpoints_test {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

Dataset points(int64_t size = 70, float shift = 0) {
  Tensor x(Shape{size, 3});
  Tensor y(Shape{size, 1});
  for (int64_t i = 0; i < size; ++i) {
    float sum = shift;
    for (int64_t j = 0; j < 3; ++j) {
      const auto value = static_cast<float>((i * 7 + j * 5) % 11) / 11;
      x(i, j) = value;
      sum += value;
    }
    y(i, 0) = sum > 1.4F ? 1.0F : 0.0F;
  }
  return Dataset(std::move(x), std::move(y));
}

struct Settings {
  Optimizer optimizer = Adam({.learning_rate = 0.01, .gradient_accumulation_steps = 2});
  std::vector<Metric> metrics = {"accuracy", "auc", "precision"};
  uint64_t seed = 3;
  int64_t units = 8;
};

Sequential compiled(const Settings& settings = {}) {
  Sequential model(
      {Input({3}), Dense({.units = settings.units, .activation = "relu"}), BatchNormalization(),
       Dropout(0.3), Dense({.units = 1, .activation = "sigmoid"})},
      {.seed = settings.seed});
  model.compile({.optimizer = settings.optimizer,
                 .loss = "binary_crossentropy",
                 .metrics = settings.metrics});
  return model;
}

/// What training leaves behind.
struct Result {
  std::string weights;
  std::vector<std::string> logs;
  bool operator==(const Result&) const = default;
};

Result result_of(const Model& model, const History& history) {
  Result result{.weights = weights_sha256(model.weights()), .logs = {}};
  for (const EpochRecord& record : history.epochs) {
    std::string line = std::to_string(record.epoch);
    for (const auto& [name, value] : record.logs) line += " " + name + "=" + shortest(value);
    result.logs.push_back(line);
  }
  return result;
}

/// Counts the steps of this fit, and requests a stop after that many of them.
class StopAfter final : public Callback {
 public:
  explicit StopAfter(StopToken token, int64_t steps = 1'000'000) : token_(token), steps_(steps) {}
  bool watches_batches() const override { return false; }
  bool wants_pause(int64_t) override { return ++count_ == steps_; }
  void on_pause(const Pause&) override {
    if (count_ >= steps_) token_.request_stop();
  }
  int64_t count() const { return count_; }

 private:
  const StopToken token_;
  const int64_t steps_;
  int64_t count_ = 0;
};

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

class CheckpointsTest : public testing::Test {
 protected:
  CheckpointsTest() : folder_(fs::temp_directory_path() / ("cornu_checkpoints_" + name())) {
    fs::remove_all(folder_);
  }
  ~CheckpointsTest() override { fs::remove_all(folder_); }
  static std::string name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string path() const { return folder_.string(); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : fs::directory_iterator(folder_)) {
      if (each.path().extension() == ".safetensors") names.push_back(each.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
};

FitOptions options(const std::string& folder = {}) {
  FitOptions fitting{.batch_size = 8, .epochs = 6, .verbose = 0, .validation_split = 0.2};
  fitting.callbacks = {ReduceLROnPlateau({.monitor = "val_loss", .factor = 0.5, .patience = 1}),
                       EarlyStopping({.patience = 4, .restore_best_weights = true})};
  fitting.checkpoint_dir = folder;
  return fitting;
}

// Any place in the fit: within an epoch, at its last step, between epochs.
TEST_F(CheckpointsTest, AFitGoesOnFromAnyStepBitForBit) {
  constexpr int64_t kSteps = 42;
  Sequential whole = compiled();
  const Result expected = result_of(whole, whole.fit(points(), options()));
  ASSERT_THAT(expected.logs, SizeIs(6));
  for (const char* every : {"1epoch", "3steps", "1step"}) {
    for (int64_t steps = 1; steps < kSteps; steps += 4) {
      fs::remove_all(folder_);
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
        ReduceLROnPlateau({.monitor = "loss", .factor = 0.5, .patience = 1, .min_delta = 0.02}),
        EarlyStopping(
            {.monitor = "loss", .min_delta = 0.01, .patience = 2, .restore_best_weights = true}),
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
    fs::remove_all(folder_);
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
    fs::remove_all(folder_);
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
      fs::remove_all(folder_);
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

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
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

TEST_F(CheckpointsTest, TheLastThreeAndTheBestAreKept) {
  FitOptions fitting = options(path());
  // Steps that become far too large.
  fitting.callbacks = {
      LearningRateScheduler([](int64_t epoch, double) { return epoch < 8 ? 0.02 : 2.0; })};
  fitting.epochs = 14;
  Sequential model = compiled();
  const History history = model.fit(points(), fitting);
  const std::vector<double> losses = history["val_loss"];
  const auto best = std::ranges::min_element(losses) - losses.begin();
  ASSERT_LT(best, 10);
  char name[24];
  std::snprintf(name, sizeof name, "epoch-%04d-step-000000-", static_cast<int>(best + 1));
  ASSERT_THAT(files(), SizeIs(4));
  EXPECT_THAT(files()[0], testing::StartsWith(name));
  EXPECT_THAT(files()[1], testing::StartsWith("epoch-0012-step-000000-"));
  EXPECT_THAT(files()[3], testing::StartsWith("epoch-0014-step-000000-"));
  // Each opens as the model at that epoch.
  const Model opened = load_model(path() + "/" + files()[3]);
  EXPECT_EQ(weights_sha256(opened.weights()), weights_sha256(model.weights()));
  EXPECT_TRUE(opened.compiled());
}

Sequential small() {
  Sequential model({Input({3}), Dense({.units = 1, .activation = "sigmoid"})});
  model.compile({.optimizer = "sgd", .loss = "binary_crossentropy"});
  return model;
}

FitOptions two_epochs(const std::string& folder) {
  FitOptions fitting = options(folder);
  fitting.epochs = 2;
  fitting.callbacks = {};
  return fitting;
}

TEST_F(CheckpointsTest, EveryBitAndEveryLengthIsChecked) {
  small().fit(points(), two_epochs(path()));
  const std::string newest = path() + "/" + files().back();
  fs::remove(path() + "/" + files().front());
  std::ifstream in(newest, std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(in), {});
  const CheckpointFolder folder(path());
  const auto is_taken = [&] {
    std::ostringstream warnings;
    return folder.newest(warnings).has_value();
  };
  EXPECT_TRUE(is_taken());
  // In place: a file that is written anew goes to the disk each time.
  std::fstream file(newest, std::ios::binary | std::ios::in | std::ios::out);
  const auto write = [&](size_t at, int byte) {
    file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte)).flush();
  };
  for (size_t bit = 0; bit < content.size() * 8; ++bit) {
    write(bit / 8, content[bit / 8] ^ 1 << bit % 8);
    ASSERT_FALSE(is_taken()) << "bit " << bit;
    write(bit / 8, content[bit / 8]);
  }
  EXPECT_TRUE(is_taken());
  fs::resize_file(newest, content.size() + 1);
  EXPECT_FALSE(is_taken());
  for (size_t size = content.size(); size-- > 0;) {
    fs::resize_file(newest, size);
    ASSERT_FALSE(is_taken()) << size << " bytes";
  }
}

TEST_F(CheckpointsTest, AfterDamageTheOneBeforeIsTaken) {
  Sequential model = small();
  const Result expected = result_of(model, model.fit(points(), two_epochs(path())));
  std::ofstream(path() + "/" + files().back(), std::ios::app) << " ";
  std::ostringstream warnings;
  EXPECT_EQ(CheckpointFolder(path()).newest(warnings)->epoch, 1);
  EXPECT_THAT(warnings.str(), HasSubstr("is not what its name says; the checkpoint before it"));
  Sequential resumed = small();
  testing::internal::CaptureStderr();
  EXPECT_EQ(result_of(resumed, resumed.fit(points(), two_epochs(path()))), expected);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is not what its name says"));
}

TEST_F(CheckpointsTest, ASecondWriterIsRefusedWithTheFirstsNumber) {
  const CheckpointFolder first(path());
  Sequential model = compiled();
  EXPECT_THAT(error_of([&] { model.fit(points(), options(path())); }),
              HasSubstr(path() + ": is being written by process " + std::to_string(::getpid())));
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
  fs::create_directories(folder_);
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

// Reading them would take minutes.
TEST(CheckpointFile, AnEpochWithTooManyLogsIsRefused) {
  constexpr int kLogs = 4097;
  FitState state;
  state.history.epochs.push_back({.epoch = 0, .logs = {}, .seconds = 0});
  for (int i = 0; i < kLogs; ++i) state.history.epochs[0].logs.set("log" + std::to_string(i), i);
  const CheckpointBytes file = checkpoint_bytes(state);
  std::vector<std::byte> bytes;
  for (const auto part : file.parts.spans()) bytes.insert(bytes.end(), part.begin(), part.end());
  try {
    read_checkpoint(bytes, "here");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("at most 4096 logs of an epoch, got 4097"));
  }
}

TEST_F(CheckpointsTest, LeftTemporaryFilesAreRemovedAndOthersAreNot) {
  fs::create_directories(folder_);
  const std::string left = path() + "/epoch-0001-step-000000-00.safetensors.tmp.123.4";
  const std::string others = path() + "/notes.tmp.123";
  std::ofstream(left) << "half";
  std::ofstream(others) << "mine";
  { const CheckpointFolder folder(path()); }
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(others));
}

TEST(CheckpointEvery, ReadsWhatTheCommandReads) {
  EXPECT_EQ(CheckpointEvery("30s").unit(), CheckpointEvery::Unit::seconds);
  EXPECT_EQ(CheckpointEvery("500steps").count(), 500);
  EXPECT_EQ(CheckpointEvery("1epoch").unit(), CheckpointEvery::Unit::epochs);
  EXPECT_EQ(CheckpointEvery("never").unit(), CheckpointEvery::Unit::never);
  EXPECT_EQ(to_value(CheckpointEvery("2epochs")).as_string(), "2epochs");
  for (const char* wrong : {"", "30", "s", "0s", "-1epoch", "1 epoch", "1.5s", "epoch", "1hours"}) {
    EXPECT_THAT(error_of([&] { CheckpointEvery{wrong}; }), HasSubstr("expected 30s")) << wrong;
  }
}

}  // namespace checkpoints_test
}  // namespace cornu::inline v0
