#pragma once

// Fits that are interrupted and resumed, for tests of checkpoints.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/reduce_lr_on_plateau.h"
#include "cornu/core/value.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/dropout.h"
#include "cornu/models/sequential.h"
#include "cornu/optimizers/adam.h"
#include "cornu/report/test_folder_test.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace resumed_fits_test {

inline Dataset points(int64_t size = 70, float shift = 0) {
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

inline Sequential compiled(const Settings& settings = {}) {
  Sequential model(
      {Input({3}),
       Dense({.units = settings.units, .activation = "relu", .kernel_regularizer = "l2"}),
       BatchNormalization(), Dropout(0.3), Dense({.units = 1, .activation = "sigmoid"})},
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

inline Result result_of(const Model& model, const History& history) {
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

class CheckpointsTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.file("checkpoints"); }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator(path())) {
      if (each.path().extension() == ".safetensors") names.push_back(each.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  TestFolder folder_;
};

inline FitOptions options(const std::string& folder = {}) {
  FitOptions fitting{.batch_size = 8, .epochs = 6, .verbose = 0, .validation_split = 0.2};
  fitting.callbacks = {ReduceLROnPlateau({.monitor = "val_loss", .factor = 0.5, .patience = 1}),
                       EarlyStopping({.patience = 4, .restore_best_weights = true})};
  fitting.checkpoint_dir = folder;
  return fitting;
}

}  // namespace resumed_fits_test
}  // namespace cornu::inline v0
