#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/cli/execution.h"

namespace cornu::inline v0::cli {

struct TrainOptions {
  std::string dataset = {};
  std::optional<std::string> net =
      {};                  ///< if there is neither net nor model: the tutorial's network
  std::string model = {};  ///< a file of Keras's JSON, instead of `net`
  int64_t batch_size = 128;
  int64_t epochs = 10;
  std::string optimizer = "adam";
  double learning_rate = 0;  ///< 0: the optimizer's own
  std::string loss = "categorical_crossentropy";
  std::string metrics = "accuracy";  ///< with commas between
  std::vector<std::string> callbacks = {};
  std::string class_weight = {};
  int64_t steps_per_epoch = 0, validation_freq = 1;
  bool no_shuffle = false;
  double validation_split = 0;
  int64_t seed = 0;
  ExecutionFlags execution = {};
  std::string data_dir = {};
  std::string out = {};
  bool overwrite = false;
  std::optional<std::string> tensorboard = {};  ///< where its logs go; empty: into the run's folder
  int64_t verbose = 1;
  bool json = false;
  /// The name by which the command was called, for the commands it suggests.
  std::string program = "cornu";
};

/// `cornu train`: trains a network and keeps the run in a folder. Returns the exit status.
int train(const TrainOptions& options);

}  // namespace cornu::inline v0::cli
