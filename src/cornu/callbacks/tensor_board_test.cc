#include "cornu/callbacks/tensor_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cornu/callbacks/lambda_callback.h"
#include "cornu/callbacks/learning_rate_scheduler.h"
#include "cornu/callbacks/logs_reader_test.h"
#include "cornu/core/error.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace tensor_board_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kRowsTrained = 12, kRowsValidated = 4;

Tensor numbers(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 7 + 3) % 13 - 6) / 8;
  }
  return x;
}

Sequential small_model() {
  Sequential model({Input({4}), Dense({.units = 3, .activation = "tanh"}), Dense({.units = 1})});
  model.compile({.optimizer = SGD({.learning_rate = 0.25}), .loss = "mse", .metrics = {"mae"}});
  return model;
}

/// Fits with three steps per epoch, and a new folder for their logs.
class TensorBoardTest : public testing::Test {
 protected:
  History fit(Model& model, Callbacks callbacks, int64_t epochs, int64_t initial_epoch = 0,
              bool validates = true) const {
    FitOptions options{.batch_size = 4,
                       .epochs = epochs,
                       .verbose = 0,
                       .callbacks = std::move(callbacks),
                       .initial_epoch = initial_epoch};
    if (validates) {
      options.validation_data = Dataset(numbers({kRowsValidated, 4}), numbers({kRowsValidated, 1}));
    }
    return model.fit(numbers({kRowsTrained, 4}), numbers({kRowsTrained, 1}), options);
  }
  SharedCallback board(TensorBoardOptions options = {}) const {
    options.log_dir = logs_;
    return TensorBoard(options);
  }
  EventsByTag train() const { return events_by_tag(logs_ + "/train"); }
  EventsByTag validation() const { return events_by_tag(logs_ + "/validation"); }

  const TestFolder folder_;
  const std::string logs_ = folder_.file("logs");
};

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

TEST_F(TensorBoardTest, WritesEpochsUnderKerasTags) {
  Sequential model = small_model();
  const History history = fit(model, {board()}, 3);
  const EventsByTag trained = train(), validated = validation();
  EXPECT_THAT(tags(trained),
              ElementsAre("epoch_learning_rate", "epoch_loss", "epoch_mae", "keras"));
  EXPECT_THAT(tags(validated),
              ElementsAre("epoch_loss", "epoch_mae", "evaluation_loss_vs_iterations",
                          "evaluation_mae_vs_iterations"));
  EXPECT_THAT(steps(trained, "epoch_loss"), ElementsAre(0, 1, 2));
  EXPECT_EQ(values(trained, "epoch_loss"), floats(history["loss"]));
  EXPECT_EQ(values(trained, "epoch_mae"), floats(history["mae"]));
  EXPECT_THAT(values(trained, "epoch_learning_rate"), ElementsAre(0.25F, 0.25F, 0.25F));
  EXPECT_EQ(values(validated, "epoch_loss"), floats(history["val_loss"]));
  EXPECT_THAT(steps(validated, "evaluation_mae_vs_iterations"), ElementsAre(3, 6, 9));
  EXPECT_EQ(values(validated, "evaluation_mae_vs_iterations"), floats(history["val_mae"]));
}

TEST_F(TensorBoardTest, WithoutValidationThereIsNoFolderForIt) {
  Sequential model = small_model();
  fit(model, {board({.write_graph = false})}, 1, 0, false);
  EXPECT_THAT(tags(train()), ElementsAre("epoch_learning_rate", "epoch_loss", "epoch_mae"));
  EXPECT_FALSE(std::filesystem::exists(logs_ + "/validation"));
}

TEST_F(TensorBoardTest, WritesStepsFromOneOn) {
  Sequential model = small_model();
  std::vector<double> losses;
  const auto note = [&](int64_t, const Logs& logs) { losses.push_back(logs["loss"]); };
  fit(model, {board({.update_freq = "batch"}), LambdaCallback({.on_train_batch_end = note})}, 2);
  EXPECT_THAT(steps(train(), "batch_loss"), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(values(train(), "batch_loss"), floats(losses));
  EXPECT_THAT(steps(train(), "batch_mae"), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(TensorBoardTest, WritesEachNthStepAndEveryEpoch) {
  Sequential model = small_model();
  fit(model, {board({.update_freq = 7})}, 5);
  EXPECT_THAT(steps(train(), "batch_loss"), ElementsAre(7, 14));
  EXPECT_THAT(steps(train(), "epoch_loss"), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(steps(validation(), "epoch_loss"), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(steps(validation(), "evaluation_loss_vs_iterations"), ElementsAre(3, 6, 9, 12, 15));
}

TEST_F(TensorBoardTest, StepsPerSecondAreThoseOfEpochsAndSteps) {
  Sequential model = small_model();
  fit(model, {board({.write_steps_per_second = true, .update_freq = 2})}, 2);
  EXPECT_THAT(steps(train(), "epoch_steps_per_second"), ElementsAre(0, 1));
  EXPECT_THAT(steps(train(), "batch_steps_per_second"), ElementsAre(2, 4, 6));
  for (const float each : values(train(), "epoch_steps_per_second")) EXPECT_GT(each, 0);
}

TEST_F(TensorBoardTest, ASecondFitGoesOnCounting) {
  Sequential model = small_model();
  const SharedCallback first = board({.update_freq = 1});
  fit(model, {first}, 2);
  fit(model, {first}, 2);
  model.compile({.optimizer = "sgd", .loss = "mse", .metrics = {"mae"}});
  fit(model, {board({.update_freq = 1})}, 1);
  EXPECT_THAT(steps(train(), "epoch_loss"), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(steps(train(), "batch_loss"),
              ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  EXPECT_THAT(steps(validation(), "evaluation_loss_vs_iterations"), ElementsAre(3, 6, 9, 12, 15));
  EXPECT_EQ(event_files(logs_ + "/train").size(), 3U);
  EXPECT_EQ(event_files(logs_ + "/validation").size(), 3U);
}

TEST_F(TensorBoardTest, AnEpochThatTheCallerNumbersKeepsItsNumber) {
  Sequential model = small_model();
  fit(model, {board()}, 6, 4);
  fit(model, {board()}, 8, 6);
  fit(model, {board()}, 1);
  EXPECT_THAT(steps(train(), "epoch_loss"), ElementsAre(4, 5, 6, 7, 8));
}

TEST_F(TensorBoardTest, TheLearningRateIsThatOfTheNextStep) {
  Sequential model = small_model();
  const auto halved = [](int64_t, double rate) { return rate / 2; };
  fit(model, {LearningRateScheduler(halved), board()}, 2);
  EXPECT_THAT(values(train(), "epoch_learning_rate"), ElementsAre(0.125F, 0.0625F));
}

TEST_F(TensorBoardTest, WritesHistogramsAndPicturesOfWeights) {
  Sequential model = small_model();
  fit(model, {board({.histogram_freq = 2, .write_images = true})}, 4);
  const EventsByTag trained = train();
  EXPECT_THAT(
      tags(trained),
      ElementsAre("epoch_learning_rate", "epoch_loss", "epoch_mae", "keras",
                  "sequential/dense/bias/histogram", "sequential/dense/bias/image",
                  "sequential/dense/kernel/histogram", "sequential/dense/kernel/image",
                  "sequential/dense_1/bias/histogram", "sequential/dense_1/kernel/histogram",
                  "sequential/dense_1/kernel/image"));
  EXPECT_THAT(steps(trained, "sequential/dense/kernel/histogram"), ElementsAre(0, 2));
  const auto buckets = trained.at("sequential/dense/kernel/histogram")[0].numbers<double>();
  double count = 0;
  for (size_t i = 2; i < buckets.size(); i += 3) count += buckets[i];
  EXPECT_EQ(count, 12);
  // The kernel's (4, 3) lies on its longer side, and a vector stands.
  const auto& kernel = trained.at("sequential/dense/kernel/image")[0];
  EXPECT_EQ(kernel.strings[0] + "×" + kernel.strings[1], "4×3");
  const auto& bias = trained.at("sequential/dense/bias/image")[0];
  EXPECT_EQ(bias.strings[0] + "×" + bias.strings[1], "1×3");
}

TEST_F(TensorBoardTest, AFunctionalModelHasNoNameInFront) {
  const Input x({4});
  const Dense inner({.units = 2, .name = "a"});
  Model model(x, Dense({.units = 1, .name = "b"})(inner(x)));
  model.compile({.loss = "mse"});
  fit(model, {board({.histogram_freq = 1})}, 1);
  EXPECT_THAT(steps(train(), "a/kernel/histogram"), ElementsAre(0));
  EXPECT_THAT(steps(train(), "b/bias/histogram"), ElementsAre(0));
}

TEST_F(TensorBoardTest, TheGraphIsTheNetworkAsKerasDescribesIt) {
  Sequential model = small_model();
  fit(model, {board()}, 1);
  const EventsByTag trained = train();
  const std::string json = trained.at("keras").at(0).strings.at(0);
  EXPECT_EQ(model_from_json(json).summary(), model.summary());
}

TEST_F(TensorBoardTest, AnEvaluationOutsideAFitIsBesideTheValidations) {
  Sequential model = small_model();
  const SharedCallback shared = board();
  const History history = fit(model, {shared}, 2);
  const Logs logs = model.evaluate(numbers({kRowsTrained, 4}), numbers({kRowsTrained, 1}),
                                   {.callbacks = {shared}});
  EXPECT_THAT(steps(validation(), "evaluation_loss_vs_iterations"), ElementsAre(3, 6, 6));
  EXPECT_EQ(values(validation(), "evaluation_loss_vs_iterations").back(),
            static_cast<float>(logs["loss"]));
}

TEST_F(TensorBoardTest, ByEpochStepsGoOnUndisturbed) {
  EXPECT_FALSE(TensorBoard().watches_batches());
  EXPECT_TRUE(TensorBoard({.update_freq = 10}).watches_batches());
  Sequential plain = small_model(), watched = small_model();
  fit(plain, {}, 2);
  fit(watched, {board({.histogram_freq = 1, .update_freq = 1})}, 2);
  for (size_t i = 0; i < plain.weights().size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(plain.weights()[i].second.span<float>(),
                                   watched.weights()[i].second.span<float>()));
  }
}

TEST_F(TensorBoardTest, AFolderThatCannotBeMadeEndsTheFit) {
  replace_file(logs_, "a file");
  Sequential model = small_model();
  try {
    fit(model, {board()}, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("logs/train: cannot make the folder: Not a directory"));
  }
  std::filesystem::remove(logs_);
  fit(model, {board()}, 1);
  EXPECT_THAT(steps(train(), "epoch_loss"), ElementsAre(0));
}

std::string error_of(TensorBoardOptions options) {
  try {
    TensorBoard(std::move(options));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(TensorBoardOptionsTest, SayWhatIsWrong) {
  EXPECT_THAT(error_of({.log_dir = ""}), HasSubstr("TensorBoard: log_dir: expected the name"));
  EXPECT_THAT(error_of({.histogram_freq = -1}), HasSubstr("histogram_freq: expected a number"));
  EXPECT_THAT(error_of({.write_images = true}), HasSubstr("histogram_freq of 1 or more beside it"));
  EXPECT_THROW(UpdateFreq(0), Error);
  EXPECT_THROW(UpdateFreq(-3), Error);
  EXPECT_THROW(UpdateFreq("step"), Error);
}

TEST(TensorBoardOptionsTest, GoByPositionToo) {
  EXPECT_NO_THROW(TensorBoard("logs"));
  EXPECT_NO_THROW(TensorBoard("logs", 1));
  EXPECT_FALSE(UpdateFreq("epoch").includes(1));
  EXPECT_TRUE(UpdateFreq("batch").includes(1));
  EXPECT_FALSE(UpdateFreq(3).includes(4));
  EXPECT_TRUE(UpdateFreq(3).includes(6));
}

TEST_F(TensorBoardTest, WhatAKilledProcessHasLoggedIsThere) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      Sequential model = small_model();
      fit(model, {board({.histogram_freq = 1, .update_freq = 1})}, 1'000'000'000);
    } catch (...) {
    }
    ::_exit(1);
  }
  constexpr size_t kEnough = 100'000;
  const auto size = [&] {
    const auto files = event_files(logs_ + "/train");
    return files.empty() ? 0 : std::filesystem::file_size(files[0]);
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (size() < kEnough && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  ASSERT_GE(size(), kEnough);
  const std::vector<int64_t> found = steps(train(), "batch_loss");
  EXPECT_GT(found.size(), 50U);
  for (size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], static_cast<int64_t>(i) + 1);
}

TEST(TensorBoardOptionsTest, AStateGoesOnWithItsStepsAndItsTime) {
  TensorBoard board("never opened");
  board.set_state({.name = "TensorBoard",
                   .values = {{"steps", 7}, {"epoch_steps", 5}, {"epoch_seconds", 100.0}},
                   .tensors = {}});
  const Value values = board.state().values;
  EXPECT_EQ(values["steps"].as_int(), 7);
  EXPECT_EQ(values["epoch_steps"].as_int(), 5);
  EXPECT_GE(values["epoch_seconds"].as_double(), 100);
  EXPECT_LT(values["epoch_seconds"].as_double(), 160);
}

}  // namespace tensor_board_test
}  // namespace cornu::inline v0
