#include "cornu/cli/defaults.h"

#include <fmt/format.h>

namespace cornu::inline v0::cli {
namespace {

// The options that depend on the data.
struct Defaults {
  std::string net, loss, metrics;
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

}  // namespace

TrainOptions completed(const TrainOptions& options, const Data& data) {
  const Defaults chosen = data.classes() > 0 ? for_classes(data) : for_numbers(data);
  TrainOptions all = options;
  if (!all.net && all.model.empty()) all.net = chosen.net;
  if (!all.loss) all.loss = chosen.loss;
  if (!all.metrics) all.metrics = chosen.metrics;
  if (!all.batch_size) all.batch_size = 128;
  if (!all.epochs) all.epochs = 10;
  if (!all.validation_split) all.validation_split = data.are_files ? kTestFraction : 0;
  return all;
}

}  // namespace cornu::inline v0::cli
