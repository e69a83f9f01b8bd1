#include "cornu/callbacks/model_checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>

#include "cornu/callbacks/lambda_callback.h"
#include "cornu/core/error_of_test.h"
#include "cornu/models/load_model.h"
#include "cornu/report/test_folder_test.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace model_checkpoint_test {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Dataset sums() {
  Tensor x(Shape{40, 3});
  Tensor y(Shape{40, 1});
  for (int64_t i = 0; i < 40; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      x(i, j) = static_cast<float>((i * 7 + j * 5) % 11) / 11;
      y(i, 0) += x(i, j);
    }
  }
  return Dataset(std::move(x), std::move(y));
}

Sequential compiled() {
  Sequential model({Input({3}), Dense({.units = 4, .activation = "relu"}), Dense({.units = 1})});
  model.compile({.optimizer = "adam", .loss = "mse"});
  return model;
}

class ModelCheckpointTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    if (!fs::exists(folder_)) return names;
    for (const auto& each : fs::directory_iterator(folder_))
      names.push_back(each.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  /// Five steps in each epoch.
  History fit(Sequential& model, Callbacks callbacks, int64_t epochs = 3, double split = 0) {
    return model.fit(sums(), {.batch_size = split > 0 ? 4 : 8,
                              .epochs = epochs,
                              .verbose = 0,
                              .callbacks = std::move(callbacks),
                              .validation_split = split});
  }
  /// What is printed for epochs whose log "q" has these values.
  std::string printed(ModelCheckpointOptions options, const std::vector<double>& values) {
    options.monitor = "q";
    options.verbose = 1;
    const LambdaCallback set({.on_epoch_end = [&](EpochRecord& record, const History&) {
      record.logs.set("q", values[static_cast<size_t>(record.epoch)]);
    }});
    Sequential model = compiled();
    ::testing::internal::CaptureStderr();
    fit(model, {std::make_shared<LambdaCallback>(set), ModelCheckpoint(options)},
        static_cast<int64_t>(values.size()));
    std::string text = ::testing::internal::GetCapturedStderr();
    for (size_t at = 0; (at = text.find(folder_.string())) != std::string::npos;) {
      text.replace(at, folder_.string().size(), "DIR");
    }
    return text;
  }

  const TestFolder own_;
  fs::path folder_ = own_.file("files");  ///< not there yet
};

TEST_F(ModelCheckpointTest, SavesAfterEachEpochUnderItsNumberAndLogs) {
  Sequential model = compiled();
  const History history = fit(
      model, {ModelCheckpoint(path("a/b/{epoch:02d}-{loss:.3f}-{val_loss:.3f}.keras"))}, 2, 0.5);
  folder_ /= "a/b";
  std::vector<std::string> expected;
  for (const EpochRecord& each : history.epochs) {
    expected.push_back("0" + std::to_string(each.epoch + 1) + "-" + fixed(each.logs["loss"], 3) +
                       "-" + fixed(each.logs["val_loss"], 3) + ".keras");
  }
  EXPECT_EQ(files(), expected);
}

TEST_F(ModelCheckpointTest, CountsStepsFromOneEpochToTheNext) {
  Sequential model = compiled();
  std::map<std::string, std::vector<Tensor>> weights;
  int64_t epoch = 0;
  const LambdaCallback record({.on_epoch_begin = [&](int64_t number) { epoch = number; },
                               .on_train_batch_end =
                                   [&](int64_t step, const Logs&) {
                                     std::vector<Tensor>& now =
                                         weights[std::to_string(epoch + 1) + "-" +
                                                 std::to_string(step + 1) + ".safetensors"];
                                     for (const auto& [name, values] : model.weights()) {
                                       now.emplace_back(values);
                                     }
                                   }});
  fit(model, {std::make_shared<LambdaCallback>(record),
              ModelCheckpoint({.filepath = path("{epoch}-{batch}.safetensors"), .save_freq = 3})});
  ASSERT_THAT(files(), ElementsAre("1-3.safetensors", "2-1.safetensors", "2-4.safetensors",
                                   "3-2.safetensors", "3-5.safetensors"));
  for (const std::string& file : files()) {
    const Model saved = load_model(path(file));
    const auto values = saved.weights();
    ASSERT_EQ(values.size(), weights[file].size());
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_TRUE(
          std::ranges::equal(values[i].second.span<float>(), weights[file][i].span<float>()))
          << file << ", " << values[i].first;
    }
  }
}

// The same callback goes on counting in a second fit, as Keras's does.
TEST_F(ModelCheckpointTest, KeepsItsCountAndItsBestInASecondFit) {
  Sequential model = compiled();
  const auto steps = std::make_shared<ModelCheckpoint>(
      ModelCheckpointOptions{.filepath = path("{epoch}-{batch}.safetensors"), .save_freq = 4});
  const auto best = std::make_shared<ModelCheckpoint>(ModelCheckpointOptions{
      .filepath = path("best.safetensors"), .monitor = "loss", .save_best_only = true});
  EXPECT_EQ(best->best(), std::nullopt);
  const double first = fit(model, {steps, best}, 1).last()["loss"];
  EXPECT_EQ(best->best(), first);
  const double second = fit(model, {steps, best}, 1).last()["loss"];
  EXPECT_EQ(best->best(), std::min(first, second));
  EXPECT_THAT(files(), ElementsAre("1-3.safetensors", "1-4.safetensors", "best.safetensors"));
}

TEST_F(ModelCheckpointTest, SavesOnlyWhatIsBetterAndSaysSoAsKerasDoes) {
  EXPECT_EQ(printed({.filepath = path("{epoch}.npz"),
                     .save_best_only = true,
                     .save_weights_only = true,
                     .mode = "min"},
                    {1, 1, 0.5, kNaN, 0.75}),
            "\nEpoch 1: q improved from None to 1.00000, saving model to DIR/1.npz\n"
            "\nEpoch 1: finished saving model to DIR/1.npz\n"
            "\nEpoch 2: q did not improve from 1.00000\n"
            "\nEpoch 3: q improved from 1.00000 to 0.50000, saving model to DIR/3.npz\n"
            "\nEpoch 3: finished saving model to DIR/3.npz\n"
            "\nEpoch 4: q did not improve from 0.50000\n"
            "\nEpoch 5: q did not improve from 0.50000\n");
  EXPECT_THAT(files(), ElementsAre("1.npz", "3.npz"));
}

TEST_F(ModelCheckpointTest, BeginsWithItsThresholdAndPrefersANumberToNaN) {
  printed({.filepath = path("a{epoch}.h5"),
           .save_best_only = true,
           .mode = "max",
           .initial_value_threshold = 4},
          {3, 4, 5});
  printed({.filepath = path("b{epoch}.h5"), .save_best_only = true, .mode = "max"}, {kNaN, 2, 3});
  EXPECT_THAT(files(), ElementsAre("a3.h5", "b2.h5", "b3.h5"));
  EXPECT_EQ(printed({.filepath = path("c.h5")}, {7}),
            "\nEpoch 1: saving model to DIR/c.h5\n\nEpoch 1: finished saving model to DIR/c.h5\n");
}

// As in Keras.
TEST_F(ModelCheckpointTest, SavesEveryModelWithAWarningWithoutTheLogThatItWatches) {
  Sequential model = compiled();
  ::testing::internal::CaptureStderr();
  fit(model, {ModelCheckpoint({.filepath = path("{epoch}.keras"), .save_best_only = true})});
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "ModelCheckpoint: can save the best model only with val_loss available; every model "
            "without it is saved\n");
  EXPECT_THAT(files(), ElementsAre("1.keras", "2.keras", "3.keras"));
}

TEST_F(ModelCheckpointTest, EveryFormatHasTheModelOrItsWeights) {
  Sequential model = compiled();
  Callbacks callbacks;
  for (const char* const name : {"m.keras", "m.h5", "m.safetensors"}) {
    callbacks.emplace_back(ModelCheckpoint(path(name)));
  }
  for (const char* const name : {"w.weights.h5", "w.npz", "w.safetensors"}) {
    callbacks.emplace_back(ModelCheckpoint({.filepath = path(name), .save_weights_only = true}));
  }
  fit(model, callbacks);
  ASSERT_THAT(files(), SizeIs(6));
  const std::string expected = weights_sha256(model.weights());
  for (const std::string& file : files()) {
    Sequential loaded = compiled();
    loaded.load_weights(path(file));
    EXPECT_EQ(weights_sha256(loaded.weights()), expected) << file;
    if (!file.starts_with('m')) continue;
    EXPECT_TRUE(load_model(path(file)).compiled()) << file;
  }
}

TEST_F(ModelCheckpointTest, AStoppedEpochIsNotSaved) {
  Sequential model = compiled();
  FitOptions options{.batch_size = 8, .epochs = 3, .verbose = 0};
  int64_t steps = 0;
  options.callbacks = {LambdaCallback({.on_train_batch_end =
                                           [&](int64_t, const Logs&) {
                                             if (++steps == 7) options.stop.request_stop();
                                           }}),
                       ModelCheckpoint(path("{epoch}.keras"))};
  EXPECT_TRUE(model.fit(sums(), options).stopped);
  EXPECT_THAT(files(), ElementsAre("1.keras"));
}

TEST_F(ModelCheckpointTest, RefusesNamesThatNoEpochHasBeforeTheFirstStep) {
  Sequential model = compiled();
  const auto refusal = [&](ModelCheckpointOptions options) {
    const auto before = model.weights().empty() ? "" : weights_sha256(model.weights());
    const std::string text = error_of([&] { fit(model, {ModelCheckpoint(options)}); });
    EXPECT_EQ(weights_sha256(model.weights()), before);
    return text;
  };
  EXPECT_EQ(refusal({.filepath = path("{epoch}-{val_loss:.2f}.keras")}),
            "ModelCheckpoint: filepath: unknown number \"val_loss\"; expected one of loss, epoch.");
  EXPECT_THAT(refusal({.filepath = path("{batch}.keras")}), HasSubstr("unknown number \"batch\""));
  EXPECT_THAT(refusal({.filepath = path("{acc}-{batch}.keras"), .save_freq = 2}),
              HasSubstr("unknown number \"acc\"; expected one of batch, epoch, loss"));
  EXPECT_THAT(refusal({.filepath = path("m.keras"), .monitor = "val_acc", .save_best_only = true}),
              HasSubstr("ModelCheckpoint: unknown monitored value \"val_acc\""));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(ModelCheckpointTest, RefusesOptionsOutOfTheirRange) {
  using Options = ModelCheckpointOptions;
  EXPECT_EQ(error_of([] { ModelCheckpoint("a.txt"); }),
            "ModelCheckpoint: expected a filepath that ends in .keras, .h5 or .safetensors, got "
            "a.txt.");
  EXPECT_THAT(error_of([] { ModelCheckpoint("a.weights.h5"); }),
              HasSubstr("Hint: save_weights_only"));
  EXPECT_THAT(error_of([] { ModelCheckpoint(""); }), HasSubstr("got none"));
  EXPECT_EQ(
      error_of([] { ModelCheckpoint(Options{.filepath = "a.h5", .save_weights_only = true}); }),
      "ModelCheckpoint: expected a filepath that ends in .weights.h5, .npz or .safetensors, "
      "got a.h5.");
  EXPECT_THAT(error_of([] { ModelCheckpoint(Options{.filepath = "a.h5", .mode = "least"}); }),
              HasSubstr("unknown mode"));
  EXPECT_EQ(error_of([] { SaveFreq(0); }),
            "save_freq: expected \"epoch\" or a number of steps of 1 or more, got 0.");
  EXPECT_THAT(error_of([] { SaveFreq("batch"); }), HasSubstr("got \"batch\""));
}

TEST_F(ModelCheckpointTest, SaysWhatItCannotWrite) {
  Sequential model = compiled();
  fs::create_directories(folder_ / "m.keras");
  EXPECT_THAT(error_of([&] { fit(model, {ModelCheckpoint(path("m.keras"))}); }),
              HasSubstr(path("m.keras")));
  EXPECT_THAT(error_of([&] { fit(model, {ModelCheckpoint("/dev/null/a/m.keras")}); }),
              HasSubstr("/dev/null/a: cannot make the folder"));
}

}  // namespace model_checkpoint_test
}  // namespace cornu::inline v0
