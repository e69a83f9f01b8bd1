#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/cli/execution.h"
#include "cornu/cli/table_flags.h"

namespace cornu::inline v0::cli {

/// The options of a training run, as they were given. Those that were not given are chosen by the
/// data: cli/defaults.h.
struct TrainOptions {
  std::string dataset = {};
  std::optional<std::string> net = {};
  std::string model = {};  ///< a file of Keras's JSON, instead of `net`
  std::optional<int64_t> batch_size = {}, epochs = {};
  std::optional<std::string> optimizer = {};
  double learning_rate = 0;  ///< 0: the optimizer's own
  std::optional<std::string> loss = {};
  std::optional<std::string> metrics = {};  ///< with commas between
  std::string label = {};                   ///< of a table, the column to be predicted
  std::vector<std::string> drop = {};       ///< of a table, columns that are left out
  TableFlags table = {};
  std::string image_size = {};  ///< of a folder of pictures: H,W or one number
  std::vector<std::string> callbacks = {};
  std::string class_weight = {};
  int64_t steps_per_epoch = 0, validation_freq = 1;
  bool no_shuffle = false;
  std::optional<double> validation_split = {};
  int64_t seed = 0;
  int64_t shards = 1;
  ExecutionFlags execution = {};
  std::string data_dir = {};
  std::optional<std::string> tensorboard = {};  ///< where its logs go; empty: into the run's folder
  std::optional<std::string> checkpoint_every = {};
  bool safetensors = false;  ///< whether the model is kept in that form too

  std::string distribute = {};  ///< "mpi", or as the launcher says
  double timeout = 10;          ///< seconds that processes wait for each other

  std::string out = {};
  bool overwrite = false;
  std::string resume = {};  ///< the folder of a run that goes on
  int64_t verbose = 1;
  bool live = false;  ///< whether curves are drawn while they grow
  bool json = false;
  /// The name by which the command was called, for the commands it suggests.
  std::string program = "cornu";
  /// The long names of the options on the command line: "--epochs".
  std::vector<std::string> given = {};

  /// Those that describe the run, under their names on the command line. run.json keeps them for
  /// --resume.
  static void visit_fields(auto& self, auto& v) {
    v("DATASET", self.dataset);
    v("--label", self.label);
    v("--drop", self.drop);
    v("--delimiter", self.table.delimiter);
    v("--header", self.table.header);
    v("--image-size", self.image_size);
    v("--net", self.net);
    v("--model", self.model);
    v("--batch-size", self.batch_size);
    v("--epochs", self.epochs);
    v("--optimizer", self.optimizer);
    v("--learning-rate", self.learning_rate);
    v("--loss", self.loss);
    v("--metrics", self.metrics);
    v("--callback", self.callbacks);
    v("--class-weight", self.class_weight);
    v("--steps-per-epoch", self.steps_per_epoch);
    v("--validation-freq", self.validation_freq);
    v("--no-shuffle", self.no_shuffle);
    v("--validation-split", self.validation_split);
    v("--seed", self.seed);
    v("--shards", self.shards);
    v("--threads", self.execution.threads);
    v("--target", self.execution.target);
    v("--minimum-work", self.execution.minimum_work);
    v("--without", self.execution.without);
    v("--data-dir", self.data_dir);
    v("--tensorboard", self.tensorboard);
    v("--checkpoint-every", self.checkpoint_every);
    v("--safetensors", self.safetensors);
  }
};

}  // namespace cornu::inline v0::cli
