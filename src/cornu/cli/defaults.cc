#include "cornu/cli/defaults.h"

#include <fmt/format.h>

#include <algorithm>

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

// Shorter pictures leave nothing behind a convolution and a pooling.
constexpr int64_t kLeastSide = 8;

// Convolutions and poolings until few places are left, which a dense layer looks at together. Many
// pictures need few epochs.
Defaults for_pictures(const Data& data) {
  const Shape& input = data.input_shape;
  std::string net;
  if (input.ndim() == 2) net = fmt::format("reshape(({}, {}, 1)), ", input[0], input[1]);
  constexpr int64_t kMostFilters = 64;
  int64_t filters = 16;
  for (int64_t side = std::min(input[0], input[1]); side >= kLeastSide; side = (side - 2) / 2) {
    net += fmt::format("conv2d({}, 3, activation=relu), max_pooling2d, ", filters);
    filters = std::min(2 * filters, kMostFilters);
  }
  net += fmt::format(
      "flatten, dropout(0.25), dense(64, activation=relu), dense({}, activation=softmax)",
      data.classes());
  const int64_t count = data.train_size;
  return {.net = net,
          .loss = "categorical_crossentropy",
          .metrics = "accuracy",
          .batch_size = count < 10'000 ? 32 : 64,
          .epochs = count < 2'000    ? 40
                    : count < 10'000 ? 20
                    : count < 30'000 ? 10
                                     : 5};
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
// epoch need be chosen by the samples that validate.
std::string optimizer_with_falling_rate(const TrainOptions& options, const Data& data) {
  const int64_t of_epoch = (data.train_size + *options.batch_size - 1) / *options.batch_size;
  const int64_t steps = options.steps_per_epoch > 0 ? options.steps_per_epoch : of_epoch;
  const double of_table = data.train_size >= kManyRows ? 0.003 : 0.007;
  return fmt::format(
      "adam(learning_rate=cosine_decay(initial_learning_rate={}, decay_steps={}, alpha=0.01))",
      data.is_table ? of_table : 0.002, steps * *options.epochs);
}

// Whether the network is that of for_pictures.
bool has_default_convolutions(const TrainOptions& options, const Data& data) {
  return are_own_pictures(data) && !options.net && options.model.empty();
}

Defaults defaults_for(const TrainOptions& options, const Data& data) {
  if (data.is_table) return for_table(data);
  if (has_default_convolutions(options, data)) return for_pictures(data);
  return data.classes() > 0 ? for_classes(data) : for_numbers(data);
}

}  // namespace

bool are_own_pictures(const Data& data) {
  const Shape& input = data.input_shape;
  const bool has_channels = input.ndim() == 3 && (input[2] == 1 || input[2] == 3);
  return data.are_files && !data.is_table && data.classes() > 0 &&
         (input.ndim() == 2 || has_channels) && std::min(input[0], input[1]) >= kLeastSide;
}

TrainOptions completed(const TrainOptions& options, const Data& data) {
  const Defaults chosen = defaults_for(options, data);
  TrainOptions all = options;
  if (!all.net && all.model.empty()) all.net = chosen.net;
  if (!all.loss) all.loss = chosen.loss;
  if (!all.metrics) all.metrics = chosen.metrics;
  if (!all.batch_size) all.batch_size = chosen.batch_size;
  if (!all.epochs) all.epochs = chosen.epochs;
  if (!all.validation_split) all.validation_split = data.are_files ? kTestFraction : 0;
  if (!all.checkpoint_every) all.checkpoint_every = data.is_table ? "30s" : "1epoch";
  const bool has_schedule =
      (data.is_table || has_default_convolutions(options, data)) && all.learning_rate == 0;
  if (!all.optimizer)
    all.optimizer = has_schedule ? optimizer_with_falling_rate(all, data) : "adam";
  return all;
}

}  // namespace cornu::inline v0::cli
