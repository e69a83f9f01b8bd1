#include "cornu/cli/defaults.h"

#include <fmt/format.h>

namespace cornu::inline v0::cli {
namespace {

// The options that depend on the data.
struct Defaults {
  std::string net, loss, metrics;
  int64_t batch_size = 128, epochs = 10;
};

Defaults for_classes(const Data& data) {
  return {
      .net = fmt::format("flatten, dense(64, activation=sigmoid), dense({}, activation=softmax)",
                         data.classes()),
      .loss = "categorical_crossentropy",
      .metrics = "accuracy"};
}

Defaults for_numbers(const Data& data) {
  return {
      .net = fmt::format("{}dense(64, activation=relu), dense({})",
                         data.input_shape.ndim() > 1 ? "flatten, " : "", data.target_shape.size()),
      .loss = "mean_squared_error",
      .metrics = "mean_absolute_error"};
}

// From here on a table has rows enough.
constexpr int64_t kManyRows = 10'000;

// Few rows are learned by heart unless the network sees something else in each epoch: noise, where
// no category would be lost in it, and dropout. A number is predicted in its own units.
Defaults for_table(const Data& data) {
  const bool has_many = data.train_size >= kManyRows;
  const std::string hidden = has_many
                                 ? "dense(128, activation=relu), dense(128, activation=relu)"
                                 : fmt::format("{}dense(128, activation=relu), dropout(0.5)",
                                               data.has_categories ? "" : "gaussian_noise(0.5), ");
  const std::string output =
      data.classes() > 0 ? fmt::format("dense({}, activation=softmax)", data.classes())
                         : fmt::format("dense(1), rescaling({}, offset={})",
                                       shortest(data.target_scale), shortest(data.target_mean));
  constexpr int64_t kMostSteps = 128, kLargestBatch = 1024;  // of an epoch
  int64_t batch_size = 32;
  while (batch_size < kLargestBatch && batch_size * kMostSteps < data.train_size) batch_size *= 2;
  return {.net = hidden + ", " + output,
          .loss = data.classes() > 0 ? "sparse_categorical_crossentropy" : "mean_squared_error",
          .metrics = data.classes() > 0 ? "accuracy" : "mean_absolute_error",
          .batch_size = batch_size,
          .epochs = has_many ? 20 : 50};
}

// A rate that falls to almost nothing ends where a constant one would only wander about, so no
// epoch need be chosen by the rows that validate.
std::string optimizer_for_table(const TrainOptions& options, const Data& data) {
  const int64_t of_epoch = (data.train_size + *options.batch_size - 1) / *options.batch_size;
  const int64_t steps = options.steps_per_epoch > 0 ? options.steps_per_epoch : of_epoch;
  return fmt::format(
      "adam(learning_rate=cosine_decay(initial_learning_rate={}, decay_steps={}, alpha=0.01))",
      data.train_size >= kManyRows ? 0.003 : 0.007, steps * *options.epochs);
}

Defaults defaults_for(const Data& data) {
  if (data.is_table) return for_table(data);
  return data.classes() > 0 ? for_classes(data) : for_numbers(data);
}

}  // namespace

TrainOptions completed(const TrainOptions& options, const Data& data) {
  const Defaults chosen = defaults_for(data);
  TrainOptions all = options;
  if (!all.net && all.model.empty()) all.net = chosen.net;
  if (!all.loss) all.loss = chosen.loss;
  if (!all.metrics) all.metrics = chosen.metrics;
  if (!all.batch_size) all.batch_size = chosen.batch_size;
  if (!all.epochs) all.epochs = chosen.epochs;
  if (!all.validation_split) all.validation_split = data.are_files ? kTestFraction : 0;
  if (!all.checkpoint_every) all.checkpoint_every = data.is_table ? "30s" : "1epoch";
  const bool has_schedule = data.is_table && all.learning_rate == 0;
  if (!all.optimizer) all.optimizer = has_schedule ? optimizer_for_table(all, data) : "adam";
  return all;
}

}  // namespace cornu::inline v0::cli
