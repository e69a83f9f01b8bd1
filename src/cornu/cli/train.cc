#include "cornu/cli/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "cornu/callbacks/checkpoints.h"
#include "cornu/callbacks/tensor_board.h"
#include "cornu/cli/build_description.h"
#include "cornu/cli/field_words.h"
#include "cornu/cli/net_text.h"
#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/output_values.h"
#include "cornu/cli/past_run.h"
#include "cornu/cli/stop_signals.h"
#include "cornu/cli/usage_error.h"
#include "cornu/core/fields.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/core/version.h"
#include "cornu/formats/utf8.h"
#include "cornu/models/keras_json.h"
#include "cornu/report/run_folder.h"

namespace cornu::inline v0::cli {
namespace {

using datasets::DatasetEntry;

// The parts named on a command line, made and checked before any file is opened.
struct Training {
  const DatasetEntry& entry;
  std::string net;  ///< its text, or empty
  Model model;
  CompileOptions compile;
  Callbacks callbacks;
  ClassWeight class_weight;
};

std::string tutorial_net(int64_t classes) {
  return fmt::format("flatten, dense(64, activation=sigmoid), dense({}, activation=softmax)",
                     classes);
}

Optimizer optimizer_of(const TrainOptions& options) {
  Optimizer optimizer = optimizer_from_text(options.optimizer);
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

// The network that Keras describes in a file.
Model keras_model(const TrainOptions& options, const DatasetEntry& entry) {
  constexpr uint64_t kMostBytes = 64 << 20;
  const std::vector<std::byte> text = read_file(options.model, kMostBytes);
  // A header's length in eight bytes, then the header.
  const bool is_safetensors =
      text.size() > 8 && text[0] != std::byte{'{'} && text[8] == std::byte{'{'};
  if (is_safetensors) {
    throw Error({.where = options.model,
                 .what = "is a model of Cornu",
                 .expected = "a network as Keras's model.to_json() describes it",
                 .hint = "evaluate, predict, summary and explain take models; " +
                         option_hint("train", "continue")});
  }
  return model_from_json({reinterpret_cast<const char*>(text.data()), text.size()},
                         {.sample = entry.input_shape,
                          .seed = static_cast<uint64_t>(options.seed),
                          .where = options.model});
}

Model net_model(const TrainOptions& options, const DatasetEntry& entry, const std::string& net) {
  Sequential model(layers_from_text(net), {.seed = static_cast<uint64_t>(options.seed)});
  if (!model.built()) model.build(entry.input_shape);
  return model;
}

// The option that describes the network, as errors name it.
std::string net_option(const TrainOptions& options) {
  return options.model.empty() ? "--net" : options.model;
}

// A network that begins with an input layer may need flat samples.
void check_inputs(const TrainOptions& options, const Model& model, const DatasetEntry& entry) {
  const Graph& graph = model.graph();
  const std::string where = net_option(options);
  if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
    throw Error({.where = where,
                 .expected = "a network of one input and one output",
                 .found = std::to_string(graph.inputs().size()) + " and " +
                          std::to_string(graph.outputs().size())});
  }
  const Shape sample = graph.shape(graph.inputs()[0]).without_rows();
  if (sample.size() == entry.input_shape.size()) return;
  throw Error({.where = where,
               .what = "the input layer does not fit the samples of " + entry.name,
               .expected = "shape " + entry.input_shape.str(),
               .found = sample.str(),
               .hint = "leave it out: the data set gives the shape"});
}

void check_outputs(const TrainOptions& options, const Model& model, const DatasetEntry& entry) {
  const Graph& graph = model.graph();
  const Shape& output = graph.shape(graph.outputs()[0]);
  const Shape expected = Shape{entry.classes()}.with_rows();
  if (output == expected) return;
  throw Error(
      {.where = net_option(options),
       .what = "the last layer does not fit the classes",
       .expected = "an output of shape " + expected.str() + ", for the " +
                   std::to_string(entry.classes()) + " classes of " + entry.name,
       .found = output.str(),
       .hint = fmt::format("{}end with dense({}, activation=softmax)",
                           output.ndim() > 2 ? "begin with flatten, and " : "", entry.classes())});
}

// The same split of the training part as in fit().
int64_t kept_samples(const TrainOptions& options, const DatasetEntry& entry) {
  return static_cast<int64_t>(
      std::floor(static_cast<double>(entry.train_size) * (1 - options.validation_split)));
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

void check_split(const TrainOptions& options, const DatasetEntry& entry) {
  const int64_t kept = kept_samples(options, entry);
  if (kept > 0 && (kept < entry.train_size || options.validation_split == 0)) return;
  throw Error({.where = "--validation-split",
               .expected = "a fraction that leaves samples to train and to validate, of " +
                           with_commas(entry.train_size),
               .found = shortest(options.validation_split)});
}

// Error as for the option.
void check_checkpoints(const TrainOptions& options) {
  on_command_line([&] {
    try {
      CheckpointEvery{options.checkpoint_every};
    } catch (const Error& error) {
      ErrorParts parts = error.parts();
      parts.where = "--checkpoint-every";
      throw Error(std::move(parts));
    }
  });
}

Training checked(const TrainOptions& options) {
  check_execution(options.execution);
  check_checkpoints(options);
  const DatasetEntry& entry = on_command_line([&]() -> const DatasetEntry& {
    if (options.net && !options.model.empty()) {
      throw Error({.where = "--model", .what = "is given beside --net"});
    }
    const DatasetEntry& found = dataset_named(options.dataset, OwnDataFor::training);
    check_out(options);
    check_split(options, found);
    return found;
  });
  const bool described = !options.model.empty();
  const std::string net = described ? "" : options.net.value_or(tutorial_net(entry.classes()));
  Model model = described ? keras_model(options, entry)
                          : on_command_line([&] { return net_model(options, entry, net); });
  return on_command_line([&]() -> Training {
    check_inputs(options, model, entry);
    check_outputs(options, model, entry);
    // One by one: if one in a nested list throws, g++ 12 destroys members that it has not made.
    CompileOptions compile{.optimizer = optimizer_of(options)};
    compile.loss = loss_from_text(options.loss);
    require_probabilities(model, *compile.loss, net_option(options));
    compile.metrics = metrics_from_text(options.metrics);
    Callbacks callbacks = callbacks_of(options);
    ClassWeight class_weight = class_weight_from_text(options.class_weight);
    return {.entry = entry,
            .net = net,
            .model = std::move(model),
            .compile = std::move(compile),
            .callbacks = std::move(callbacks),
            .class_weight = std::move(class_weight)};
  });
}

Value::Map settings_of(const TrainOptions& options, const Training& training) {
  Value::List metrics;
  for (const Metric& metric : training.compile.metrics) metrics.emplace_back(metric->name());
  const Value::List callbacks(options.callbacks.begin(), options.callbacks.end());
  Value::List without;
  for (const std::string& pass : options.execution.without) without.emplace_back(pass);
  const OptimizerDescription& optimizer = *training.compile.optimizer;
  return {{"net", training.net},
          {"model", options.model},
          {"batch_size", options.batch_size},
          {"epochs", options.epochs},
          {"optimizer", Value::Map{{"name", optimizer.name()}, {"config", optimizer.config()}}},
          {"learning_rate", to_value(optimizer.learning_rate())},
          {"loss", text_of(*training.compile.loss)},
          {"metrics", std::move(metrics)},
          {"class_weight", options.class_weight},
          {"callbacks", callbacks},
          {"shuffle", !options.no_shuffle},
          {"steps_per_epoch", options.steps_per_epoch},
          {"validation_freq", options.validation_freq},
          {"validation_split", options.validation_split},
          {"scaling", fmt::format("divided by {}", kImageDivisor)},
          {"labels", needs_one_hot(*training.compile.loss) ? "one-hot" : "integer"},
          {"minimum_work", options.execution.minimum_work},
          {"without", std::move(without)},
          {kOptionsSetting, fields_to_map(options)}};
}

RunRecord record_of(const TrainOptions& options, const Training& training) {
  const int64_t all = training.entry.train_size;
  const int64_t kept = kept_samples(options, training.entry);
  return {.dataset = training.entry.name,
          .train_samples = kept,
          .validation_samples = kept < all ? all - kept : training.entry.test_size,
          .target = std::string(kernels::name(training.compile.execution.target)),
          .seed = static_cast<uint64_t>(options.seed),
          .data_sha256 = training.entry.train_sha256,
          .versions = {{"cornu", CORNU_VERSION}, {"compiler", compiler()}},
          .settings = settings_of(options, training)};
}

std::string shapes_line(const DatasetParts& parts) {
  return fmt::format("{} {} {} {}\n", parts.train.x().shape().str(), parts.train.y().shape().str(),
                     parts.test.x().shape().str(), parts.test.y().shape().str());
}

void print_begin(const TrainOptions& options, const Training& training, const DatasetParts& parts) {
  print(fmt::format("{}: {}\n", training.entry.name, training.entry.title));
  print(shapes_line(parts));
  if (options.validation_split > 0) {
    print(fmt::format("The last {} of the training samples validate; the test part is not used.\n",
                      percent(options.validation_split)));
  }
  print("\n" + training.model.summary() + "\n");
}

constexpr const char* kTensorBoardSetting = "tensorboard";

const Value* setting(const RunRecord& record, std::string_view name) {
  for (const auto& [each, value] : record.settings) {
    if (each == name) return &value;
  }
  return nullptr;
}

std::string last_results(const RunRecord& record) {
  if (record.history.epochs.empty()) return "It was stopped before its first step.";
  std::string line;
  for (const auto& [name, value] : record.history.last()) {
    line += fmt::format("{}{}: {:.4f}", line.empty() ? "" : " - ", name, value);
  }
  return line;
}

void print_end(const TrainOptions& options, const RunRecord& record) {
  const size_t epochs = record.history.epochs.size();
  print(fmt::format("{} after {} epoch{}, {} on {} thread{} ({}).\n{}\n",
                    record.status == "done" ? "Done" : "Interrupted", epochs,
                    epochs == 1 ? "" : "s", seconds_text(record.history.seconds), record.threads,
                    record.threads == 1 ? "" : "s", record.target, last_results(record)));
  const std::string command = shell_quoted(options.program);
  const std::string run = shell_quoted(record.run_dir);
  const std::string data =
      options.data_dir.empty() ? "" : " --data-dir " + shell_quoted(options.data_dir);
  print(
      fmt::format("\nThe run is in {}: {}, curves.svg, history.csv, …\n"
                  "Go on with:\n"
                  "    {} predict {} {}{} --first 5\n"
                  "    {} evaluate {} {}{}\n"
                  "    {} summary {}\n",
                  run, run_model_file(), command, run, record.dataset, data, command, run,
                  record.dataset, data, command, run));
  if (const Value* logs = setting(record, kTensorBoardSetting)) {
    print(fmt::format("    tensorboard --logdir {}\n", shell_quoted(logs->as_string())));
  }
}

// Where TensorBoard's logs go; empty without --tensorboard.
std::string tensorboard_folder(const TrainOptions& options, const RunFolder& folder) {
  if (!options.tensorboard) return {};
  return options.tensorboard->empty() ? folder.file(kTensorBoardFolder) : *options.tensorboard;
}

History fit(const TrainOptions& options, Training& training, const RunFolder& folder,
            RunRecord& record, const StopToken& stop) {
  const DatasetParts parts = load_data(training.entry.name, options.data_dir);
  if (!options.json && options.verbose > 0) print_begin(options, training, parts);
  const auto prepared = [&](const Dataset& data) {
    return labelled(in_shape_of(training.model, scaled(data)), *training.compile.loss,
                    training.entry.classes());
  };
  FitOptions fitting = {
      .batch_size = options.batch_size,
      .epochs = options.epochs,
      .verbose = options.verbose,
      .callbacks = training.callbacks,
      .validation_split = options.validation_split,
      .shuffle = !options.no_shuffle,
      .class_weight = training.class_weight,
      .steps_per_epoch = options.steps_per_epoch,
      .validation_freq = options.validation_freq,
      .stop = stop,
  };
  if (const std::string logs = tensorboard_folder(options, folder); !logs.empty()) {
    fitting.callbacks.emplace_back(TensorBoard(logs, 1));
  }
  fitting.callbacks.push_back(std::make_shared<RunFolderCallback>(folder, record));
  const CheckpointEvery every = options.checkpoint_every;
  if (every.unit() != CheckpointEvery::Unit::never) {
    fitting.callbacks.emplace_back(Checkpoints(
        {.directory = folder.file(kCheckpointFolder), .every = every, .verbose = options.verbose}));
  }
  if (options.validation_split == 0) fitting.validation_data = prepared(parts.test);
  const Dataset data = prepared(parts.train);
  record.threads =
      training.model.step_threads(data.spec(), std::min(options.batch_size, record.train_samples));
  return training.model.fit(data, fitting);
}

void set_provenance(Model& model, const RunRecord& record) {
  ModelCard card = model.card();
  card.provenance = {{"dataset", record.dataset},
                     {"data_sha256", record.data_sha256},
                     {"trained_with", "cornu " CORNU_VERSION}};
  model.set_card(std::move(card));
}

// Writes to the run's folder, if that is still possible, why the run ended.
void record_failure(const TrainOptions& options, const RunFolder& folder, RunRecord& record,
                    const std::string& reason) {
  record.status = "failed";
  record.error = reason;
  try {
    folder.write(record);
    if (options.json) print_json(run_document(record));
  } catch (const Error&) {  // the first error is the one to report
  }
}

}  // namespace

namespace {

void print_results(const TrainOptions& options, const RunRecord& record) {
  if (options.json) {
    print_json(run_document(record));
  } else if (options.verbose > 0) {
    print_end(options, record);
  } else {
    print(record.run_dir + "\n");
  }
}

// A run that is done and has no epochs left.
int show_again(const TrainOptions& options, const PastRun& run) {
  if (options.json) {
    print_json(run.document);
    return 0;
  }
  RunRecord record = run_record(run.document);
  record.run_dir = run.path;
  print_results(options, record);
  return 0;
}

int train_in_folder(const TrainOptions& options, const PastRun* past = nullptr) {
  Training training = checked(options);
  training.compile.execution = execution_of(options.execution);
  training.model.compile(training.compile);
  RunRecord record = record_of(options, training);
  const RunFolder folder({.dataset = training.entry.name,
                          .path = options.out,
                          .overwrite = options.overwrite,
                          .resume = !options.resume.empty()},
                         record);
  if (options.tensorboard) {
    record.settings.emplace_back(kTensorBoardSetting, tensorboard_folder(options, folder));
  }
  if (past != nullptr) {
    // A fit that is refused leaves it; one that is killed before its next epoch can go on.
    record.history = run_record(past->document).history;
    if (past->is_done()) folder.write(record);
  }
  const StopSignals signals;
  try {
    record.history = fit(options, training, folder, record, signals.token());
    if (!record.history.epochs.empty()) record.threads = record.history.team.members();
    record.status = record.history.stopped ? "interrupted" : "done";
    set_provenance(training.model, record);
    folder.finish(training.model, record, options.safetensors);
  } catch (const Error& error) {
    record_failure(options, folder, record, error.what());
    throw;
  } catch (const std::bad_alloc&) {
    record_failure(options, folder, record, "not enough memory");
    throw;
  }
  print_results(options, record);
  return record.history.stopped ? signals.exit_status() : 0;
}

}  // namespace

int train(const TrainOptions& options) {
  if (options.resume.empty()) return train_in_folder(options);
  const PastRun run = past_run(options.resume);
  const TrainOptions resumed = resumed_options(run, options);
  const bool is_over = run.is_done() && resumed.epochs == run.options.epochs;
  return is_over ? show_again(resumed, run) : train_in_folder(resumed, &run);
}

}  // namespace cornu::inline v0::cli
