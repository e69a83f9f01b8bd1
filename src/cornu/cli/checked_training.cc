#include "cornu/cli/checked_training.h"

#include <cmath>
#include <optional>
#include <utility>

#include "cornu/cli/data_warnings.h"
#include "cornu/cli/defaults.h"
#include "cornu/cli/image_size.h"
#include "cornu/cli/net_text.h"
#include "cornu/cli/network_data.h"
#include "cornu/cli/output_values.h"
#include "cornu/cli/train_network.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/names.h"
#include "cornu/formats/utf8.h"
#include "cornu/report/run_folder.h"

namespace cornu::inline v0::cli {
namespace {

Optimizer optimizer_of(const TrainOptions& options) {
  Optimizer optimizer = optimizer_from_text(*options.optimizer);
  if (options.learning_rate == 0) return optimizer;
  Value::Map config = optimizer->config();
  for (auto& [field, value] : config) {
    if (field == "learning_rate") value = options.learning_rate;
  }
  return make_optimizer(optimizer->name(), config);
}

Callbacks callbacks_of(const TrainOptions& options) {
  Callbacks all;
  for (const std::string& text : options.callbacks) {
    for (const auto& each : callbacks_from_text(text)) all.push_back(each);
  }
  return all;
}

// Error for a loss of classes where the targets are numbers. One of probabilities may be meant for
// numbers from 0 to 1.
void require_loss_for_numbers(const Loss& loss, const Data& data) {
  const bool is_of_classes = loss->name() == "categorical_crossentropy" ||
                             loss->name() == "sparse_categorical_crossentropy" ||
                             loss->name() == "categorical_hinge";
  if (data.classes() > 0 || data.target_shape.size() > 1 || !is_of_classes) return;
  throw Error({.where = "--loss",
               .what = data.label.empty() ? "the targets are numbers"
                                          : "the label " + data.label + " is a number",
               .expected = "a loss for numbers, such as mean_squared_error",
               .found = std::string(loss->name())});
}

// A user who names a file expects the model in it.
void check_out(const TrainOptions& options) {
  for (const char* ending : {".keras", ".h5", ".hdf5", ".onnx", ".safetensors", ".pt", ".pth"}) {
    if (!options.out.ends_with(ending)) continue;
    throw Error(
        {.where = "--out",
         .expected = "the name of a folder",
         .found = formats::shown(options.out),
         .hint = "the run's folder will hold the model as " + std::string(run_model_file())});
  }
}

void check_split(const TrainOptions& options, const Data& data) {
  const int64_t kept = kept_samples(options, data);
  const bool validates = data.are_files || kept < data.train_size;
  if (kept > 0 && (validates || *options.validation_split == 0)) return;
  throw Error({.where = "--validation-split",
               .expected = "a fraction that leaves samples to train and to validate, of " +
                           with_commas(data.train_size),
               .found = shortest(*options.validation_split)});
}

// Error as for the option.
void check_checkpoints(const TrainOptions& options) {
  if (!options.checkpoint_every) return;
  on_command_line([&] {
    try {
      CheckpointEvery{*options.checkpoint_every};
    } catch (const Error& error) {
      ErrorParts parts = error.parts();
      parts.where = "--checkpoint-every";
      throw Error(std::move(parts));
    }
  });
}

// A model is trained on by its own loss, if no other is given.
TrainOptions with_loss_of(const std::optional<Model>& start, TrainOptions options) {
  const bool has_loss = start && start->compiled() && start->compile_options().loss;
  if (has_loss && !options.loss) options.loss = text_of(*start->compile_options().loss);
  return options;
}

}  // namespace

int64_t kept_samples(const TrainOptions& options, const Data& data) {
  if (data.are_files) return data.train_size;
  return static_cast<int64_t>(
      std::floor(static_cast<double>(data.train_size) * (1 - *options.validation_split)));
}

Training checked(const TrainOptions& given) {
  on_command_line([&] {
    if (given.distribute.empty() || given.distribute == "mpi") return true;
    throw Error(
        {.where = "--distribute", .expected = "mpi", .found = formats::shown(given.distribute)});
  });
  check_execution(given.execution);
  check_checkpoints(given);
  const datasets::PictureFolderOptions pictures =
      on_command_line([&] { return picture_options(given.image_size); });
  const DatasetArgument argument = on_command_line([&] {
    if (given.net && !given.model.empty()) {
      throw Error({.where = "--model", .what = "is given beside --net"});
    }
    const DatasetArgument found = dataset_argument(given.dataset, true);
    check_out(given);
    return found;
  });
  const std::optional<Model> start = starting_model(given);
  const DataOptions of_data{.data_dir = given.data_dir,
                            .test_fraction = given.validation_split.value_or(kTestFraction),
                            .seed = static_cast<uint64_t>(given.seed),
                            .label = given.label,
                            .drop = given.drop,
                            .table = given.table,
                            .pictures = pictures};
  Data data = start ? described_for(*start, argument, of_data) : described(argument, of_data);
  on_command_line([&] { check_image_size(given.image_size, data); });
  require_two_classes(data);
  const TrainOptions options = completed(with_loss_of(start, given), data);
  on_command_line([&] { check_split(options, data); });
  Model model = network_of(options, start, data);
  return on_command_line([&]() -> Training {
    // One by one: if one in a nested list throws, g++ 12 destroys members that it has not made.
    CompileOptions compile{.optimizer = optimizer_of(options)};
    compile.loss = loss_from_text(*options.loss);
    if (data.classes() > 0) require_probabilities(model, *compile.loss, net_option(options));
    require_loss_for_numbers(*compile.loss, data);
    compile.metrics = metrics_from_text(*options.metrics);
    compile.shards = static_cast<int>(options.shards);
    Callbacks callbacks = callbacks_of(options);
    ClassWeight class_weight = class_weight_from_text(options.class_weight);
    return {.options = options,
            .data = std::move(data),
            .model = std::move(model),
            .has_start = start.has_value(),
            .compile = std::move(compile),
            .callbacks = std::move(callbacks),
            .class_weight = std::move(class_weight)};
  });
}

}  // namespace cornu::inline v0::cli
