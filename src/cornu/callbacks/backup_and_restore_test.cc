#include "cornu/callbacks/backup_and_restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "cornu/callbacks/lambda_callback.h"
#include "cornu/callbacks/model_checkpoint.h"
#include "cornu/core/error_of_test.h"
#include "cornu/core/file.h"
#include "cornu/layers/dropout.h"
#include "cornu/models/sequential.h"
#include "cornu/report/test_folder_test.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace backup_and_restore_test {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Dataset sums(float shift = 0) {
  Tensor x(Shape{40, 3});
  Tensor y(Shape{40, 1});
  for (int64_t i = 0; i < 40; ++i) {
    y(i, 0) = shift;
    for (int64_t j = 0; j < 3; ++j) {
      x(i, j) = static_cast<float>((i * 7 + j * 5) % 11) / 11;
      y(i, 0) += x(i, j);
    }
  }
  return Dataset(std::move(x), std::move(y));
}

Sequential compiled(double rate = 0.25) {
  Sequential model(
      {Input({3}), Dense({.units = 6, .activation = "relu"}), Dropout(rate), Dense({.units = 1})});
  model.compile({.optimizer = "adam", .loss = "mse"});
  return model;
}

/// A crash after a number of steps.
class CrashAfter final : public Callback {
 public:
  explicit CrashAfter(int64_t steps) : left_(steps) {}
  bool watches_batches() const override { return false; }
  bool wants_pause(int64_t) override { return --left_ == 0; }
  void on_pause(const Pause&) override {
    if (left_ <= 0) throw std::runtime_error("a crash");
  }

 private:
  int64_t left_;
};

using Files = std::map<std::string, std::vector<std::byte>>;

class BackupAndRestoreTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Files files() const {
    Files files;
    for (const auto& each : fs::directory_iterator(folder_)) {
      if (each.is_regular_file()) {
        files.emplace(each.path().filename(), read_file(each.path().string()));
      }
    }
    return files;
  }
  History fit(Sequential& model, Callbacks callbacks, int64_t epochs = 4) const {
    return model.fit(sums(), {.batch_size = 8,
                              .epochs = epochs,
                              .verbose = 0,
                              .callbacks = std::move(callbacks),
                              .validation_data = sums(0.125F)});
  }

  const TestFolder own_;
  fs::path folder_ = own_.file("files");  ///< not there yet
};

std::vector<double> losses(const History& history) {
  std::vector<double> losses;
  for (const EpochRecord& each : history.epochs) losses.push_back(each.logs["loss"]);
  return losses;
}

// The backup comes first in the list, which must not matter.
TEST_F(BackupAndRestoreTest, FilesOfModelCheckpointAreThoseOfAnUnbrokenFit) {
  const auto callbacks = [&](const SaveFreq& freq) -> Callbacks {
    return {BackupAndRestore(path("backup"), freq),
            ModelCheckpoint(
                {.filepath = path("{epoch}-{batch}-{loss:.6f}.safetensors"), .save_freq = 3}),
            ModelCheckpoint({.filepath = path("least.safetensors"),
                             .monitor = "loss",
                             .save_best_only = true,
                             .save_freq = 2}),
            ModelCheckpoint({.filepath = path("best.safetensors"), .save_best_only = true})};
  };
  fs::create_directories(folder_);
  Sequential whole = compiled();
  const History unbroken = fit(whole, callbacks("epoch"));
  const Files expected = files();
  ASSERT_THAT(expected, SizeIs(8));
  for (const SaveFreq& freq : {SaveFreq("epoch"), SaveFreq(1), SaveFreq(3)}) {
    for (int64_t steps = 1; steps < 20; steps += 3) {
      fs::remove_all(folder_);
      fs::create_directories(folder_);
      Sequential broken = compiled();
      Callbacks crashing = callbacks(freq);
      crashing.insert(crashing.begin() + 1, CrashAfter(steps));
      EXPECT_THROW(fit(broken, crashing), std::runtime_error);
      Sequential resumed = compiled();
      EXPECT_EQ(losses(fit(resumed, callbacks(freq))), losses(unbroken)) << steps;
      EXPECT_EQ(weights_sha256(resumed.weights()), weights_sha256(whole.weights())) << steps;
      EXPECT_TRUE(files() == expected) << freq.steps() << ", " << steps << " steps";
      EXPECT_FALSE(fs::exists(path("backup")));
    }
  }
}

// As in a notebook: the model has been trained by the part of the fit before the stop.
TEST_F(BackupAndRestoreTest, TheSameModelGoesOnAfterAStop) {
  Sequential whole = compiled();
  const History unbroken = fit(whole, {});
  Sequential model = compiled();
  FitOptions options{.batch_size = 8, .epochs = 4, .verbose = 0, .validation_data = sums(0.125F)};
  int64_t steps = 0;
  options.callbacks = {BackupAndRestore(path("backup")),
                       LambdaCallback({.on_train_batch_end = [&](int64_t, const Logs&) {
                         if (++steps == 12) options.stop.request_stop();
                       }})};
  EXPECT_TRUE(model.fit(sums(), options).stopped);
  EXPECT_TRUE(fs::exists(path("backup")));
  EXPECT_EQ(losses(fit(model, {BackupAndRestore(path("backup"))})), losses(unbroken));
  EXPECT_EQ(weights_sha256(model.weights()), weights_sha256(whole.weights()));
  EXPECT_FALSE(fs::exists(path("backup")));
}

// In the third fit it is a new model that goes on from the backup of the second.
TEST_F(BackupAndRestoreTest, AnotherModelGoesOnFromAFitThatWentOn) {
  Sequential whole = compiled();
  const History unbroken = fit(whole, {});
  Sequential first = compiled();
  EXPECT_THROW(fit(first, {BackupAndRestore(path("backup")), CrashAfter(8)}), std::runtime_error);
  EXPECT_THROW(fit(first, {BackupAndRestore(path("backup")), CrashAfter(8)}), std::runtime_error);
  Sequential second = compiled();
  int64_t steps = 0;
  const auto count = std::make_shared<LambdaCallback>(
      LambdaCallbackOptions{.on_train_batch_end = [&](int64_t, const Logs&) { ++steps; }});
  EXPECT_EQ(losses(fit(second, {BackupAndRestore(path("backup")), count})), losses(unbroken));
  EXPECT_EQ(steps, 10);
  EXPECT_EQ(weights_sha256(second.weights()), weights_sha256(whole.weights()));
}

TEST_F(BackupAndRestoreTest, AKeptBackupServesMoreEpochs) {
  const BackupAndRestoreOptions kept{.backup_dir = path("backup"), .delete_checkpoint = false};
  Sequential whole = compiled();
  const History unbroken = fit(whole, {}, 6);
  Sequential model = compiled();
  const History four = fit(model, {BackupAndRestore(kept)}, 4);
  int64_t steps = 0;
  const auto count = std::make_shared<LambdaCallback>(
      LambdaCallbackOptions{.on_train_batch_end = [&](int64_t, const Logs&) { ++steps; }});
  Sequential again = compiled();
  EXPECT_EQ(losses(fit(again, {BackupAndRestore(kept), count}, 4)), losses(four));
  EXPECT_EQ(steps, 0);
  Sequential more = compiled();
  EXPECT_EQ(losses(fit(more, {BackupAndRestore(kept), count}, 6)), losses(unbroken));
  EXPECT_EQ(steps, 10);
  EXPECT_TRUE(fs::exists(path("backup")));
}

TEST_F(BackupAndRestoreTest, RefusesAnotherFitAndListsTheDifferences) {
  Sequential first = compiled();
  const ModelCheckpointOptions best{.filepath = path("best.keras"), .save_best_only = true};
  EXPECT_THROW(fit(first, {BackupAndRestore(path("backup")), ModelCheckpoint(best), CrashAfter(8)}),
               std::runtime_error);
  Sequential other = compiled(0.5);
  const std::string before = weights_sha256(other.weights());
  const std::string error = error_of([&] { fit(other, {BackupAndRestore(path("backup"))}); });
  EXPECT_THAT(error, HasSubstr("rate: 0.5, before 0.25"));
  EXPECT_THAT(error, HasSubstr("callbacks: none with a state, before ModelCheckpoint"));
  EXPECT_EQ(weights_sha256(other.weights()), before);
  EXPECT_TRUE(fs::exists(path("backup"))) << "it is still there for the fit that it is of";
  Sequential same = compiled();
  EXPECT_THAT(fit(same, {ModelCheckpoint(best), BackupAndRestore(path("backup"))}).epochs,
              SizeIs(4));
}

TEST_F(BackupAndRestoreTest, RefusesAModelThatWasNotTrainedBeforeForOneThatWas) {
  Sequential trained = compiled();
  fit(trained, {}, 1);
  EXPECT_THROW(fit(trained, {BackupAndRestore(path("backup")), CrashAfter(8)}), std::runtime_error);
  Sequential fresh = compiled();
  EXPECT_THAT(error_of([&] { fit(fresh, {BackupAndRestore(path("backup"))}); }),
              HasSubstr("before/epochs: 0, before 1; before/steps: 0, before 5"));
}

TEST_F(BackupAndRestoreTest, RefusesOptionsOutOfTheirRange) {
  EXPECT_EQ(error_of([] { BackupAndRestore(""); }),
            "BackupAndRestore: expected the name of a folder, got none.");
  EXPECT_THAT(error_of([] { BackupAndRestore("backup", -1); }), HasSubstr("save_freq: expected"));
}

}  // namespace backup_and_restore_test
}  // namespace cornu::inline v0
