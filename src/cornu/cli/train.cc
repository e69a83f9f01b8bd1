#include "cornu/cli/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>
#include <utility>

#include "cornu/callbacks/checkpoints.h"
#include "cornu/callbacks/tensor_board.h"
#include "cornu/cli/build_description.h"
#include "cornu/cli/checked_training.h"
#include "cornu/cli/data.h"
#include "cornu/cli/data_warnings.h"
#include "cornu/cli/defaults.h"
#include "cornu/cli/fit_progress.h"
#include "cornu/cli/net_text.h"
#include "cornu/cli/network_data.h"
#include "cornu/cli/output.h"
#include "cornu/cli/past_run.h"
#include "cornu/cli/processes.h"
#include "cornu/cli/run_report.h"
#include "cornu/cli/stop_signals.h"
#include "cornu/core/fields.h"
#include "cornu/core/version.h"
#include "cornu/report/run_folder.h"

namespace cornu::inline v0::cli {
namespace {

std::string labels_text(const Training& training) {
  if (training.data.classes() == 0) return "numbers";
  return needs_one_hot(*training.compile.loss) ? "one-hot" : "integer";
}

Value::Map settings_of(const Training& training) {
  const TrainOptions& options = training.options;
  Value::List metrics;
  for (const Metric& metric : training.compile.metrics) metrics.emplace_back(metric->name());
  const Value::List callbacks(options.callbacks.begin(), options.callbacks.end());
  Value::List without;
  for (const std::string& pass : options.execution.without) without.emplace_back(pass);
  const OptimizerDescription& optimizer = *training.compile.optimizer;
  return {{"net", options.net.value_or("")},
          {"model", options.model},
          {"batch_size", *options.batch_size},
          {"epochs", *options.epochs},
          {"optimizer", Value::Map{{"name", optimizer.name()}, {"config", optimizer.config()}}},
          {"learning_rate", to_value(optimizer.learning_rate())},
          {"loss", text_of(*training.compile.loss)},
          {"metrics", std::move(metrics)},
          {"class_weight", options.class_weight},
          {"callbacks", callbacks},
          {"shuffle", !options.no_shuffle},
          {"steps_per_epoch", options.steps_per_epoch},
          {"validation_freq", options.validation_freq},
          {"validation_split", *options.validation_split},
          {"scaling", training.data.is_table ? std::string("mean 0, standard deviation 1")
                                             : fmt::format("divided by {}", kImageDivisor)},
          {"labels", labels_text(training)},
          {"minimum_work", options.execution.minimum_work},
          {"without", std::move(without)},
          {kOptionsSetting, fields_to_map(options)}};
}

RunRecord record_of(const TrainOptions& given, const Training& training) {
  const Data& data = training.data;
  const int64_t kept = kept_samples(training.options, data);
  return {.dataset = data.are_files ? given.dataset : data.name,
          .train_samples = kept,
          .validation_samples = kept < data.train_size ? data.train_size - kept : data.test_size,
          .target = std::string(kernels::name(training.compile.execution.target)),
          .seed = static_cast<uint64_t>(given.seed),
          .shards = given.shards,
          .data_sha256 = data.train_sha256,
          .versions = {{"cornu", CORNU_VERSION}, {"compiler", compiler()}},
          .settings = settings_of(training)};
}

std::string shapes_line(const DatasetParts& parts) {
  std::string line = parts.train.x().shape().str() + " " + parts.train.y().shape().str();
  if (parts.test.size() > 0) {
    line += " " + parts.test.x().shape().str() + " " + parts.test.y().shape().str();
  }
  return line + "\n";
}

// What is trained on, and what was chosen for it.
void print_begin(const TrainOptions& given, const Training& training, const DatasetParts& parts) {
  const TrainOptions& options = training.options;
  print(fmt::format("{}: {}\n", training.data.name, training.data.title));
  print(shapes_line(parts));
  print(training.data.notes);
  if (!training.data.parts_note.empty()) print(training.data.parts_note + "\n");
  if (!training.data.are_files && *options.validation_split > 0) {
    print(fmt::format("The last {} of the training samples validate; the test part is not used.\n",
                      percent(*options.validation_split)));
  }
  if (training.data.are_files && !given.loss) {
    print(fmt::format("Its targets are {}, so the loss is {}.\n",
                      training.data.classes() > 0
                          ? std::to_string(training.data.classes()) + " classes"
                          : std::string("numbers"),
                      *options.loss));
  }
  if (training.data.is_table || are_own_pictures(training.data)) {
    print(fmt::format("{} epochs of batches of {} by {}.\n", *options.epochs, *options.batch_size,
                      *options.optimizer));
  }
  if (const int64_t kept = kept_samples(options, training.data); kept < *options.batch_size) {
    print(fmt::format("A batch holds all {} samples, so each epoch is one step.\n", kept));
  }
  if (training.has_start) {
    print("It goes on from the weights of " + options.model + ", with a new optimizer.\n");
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

// "Done after 5 epochs", "Interrupted in epoch 3"
std::string end_text(const RunRecord& record) {
  const auto epochs = static_cast<int64_t>(record.history.epochs.size());
  if (whole_epochs(record) < epochs) return fmt::format("Interrupted in epoch {}", epochs);
  return fmt::format("{} after {} epoch{}", record.status == "done" ? "Done" : "Interrupted",
                     epochs, epochs == 1 ? "" : "s");
}

void print_end(const TrainOptions& options, const RunRecord& record) {
  print(fmt::format("{}, {} on {} thread{} ({}).\n{}\n", end_text(record),
                    seconds_text(record.history.seconds), record.threads,
                    record.threads == 1 ? "" : "s", record.target, last_results(record)));
  const std::string command = shell_quoted(options.program);
  const std::string run = shell_quoted(record.run_dir);
  const std::string data =
      options.data_dir.empty() ? "" : " --data-dir " + shell_quoted(options.data_dir);
  const std::string resume =
      record.status == "interrupted" ? fmt::format("    {} train --resume {}\n", command, run) : "";
  print(
      fmt::format("\nThe run is in {}: {}, report.html, history.csv, …\n"
                  "Go on with:\n{}"
                  "    {} predict {} {}{} --first 5\n"
                  "    {} evaluate {} {}{}\n"
                  "    {} summary {}\n",
                  run, run_model_file(), resume, command, run, record.dataset, data, command, run,
                  record.dataset, data, command, run));
  if (const Value* logs = setting(record, kTensorBoardSetting)) {
    print(fmt::format("    tensorboard --logdir {}\n", shell_quoted(logs->as_string())));
  }
}

// Where TensorBoard's logs go; empty without --tensorboard.
std::string tensorboard_folder(const TrainOptions& options, const RunRecord& record) {
  if (!options.tensorboard) return {};
  if (!options.tensorboard->empty()) return *options.tensorboard;
  return record.run_dir + "/" + std::string(kTensorBoardFolder);
}

// The samples that validate, as they are stored; none may.
Dataset validating(const TrainOptions& options, const Data& data, const DatasetParts& parts) {
  const bool splits = !data.are_files && *options.validation_split > 0;
  return splits ? parts.train.skip(kept_samples(options, data)) : parts.test;
}

/// A fit's history, and the samples that validated it.
struct Fitted {
  History history;
  Dataset validation;
};

Fitted fit(const TrainOptions& options, Training& training, const DatasetParts& parts,
           const std::optional<RunFolder>& folder, RunRecord& record, const Processes& processes,
           const StopToken& stop) {
  if (folder) warn_of_training_data(training.data, parts.train);
  if (!options.json && options.verbose > 0) print_begin(options, training, parts);
  const auto prepared = [&](const Dataset& data) {
    return labelled(in_shape_of(training.model, scaled(data)), *training.compile.loss,
                    training.data.classes());
  };
  FitOptions fitting = {
      .batch_size = *training.options.batch_size,
      .epochs = *training.options.epochs,
      .callbacks = training.callbacks,
      .validation_split = training.data.are_files ? 0 : *training.options.validation_split,
      .shuffle = !options.no_shuffle,
      .class_weight = training.class_weight,
      .steps_per_epoch = options.steps_per_epoch,
      .validation_freq = options.validation_freq,
      .stop = stop,
  };
  if (const std::string logs = tensorboard_folder(options, record); !logs.empty()) {
    fitting.callbacks.emplace_back(TensorBoard(logs, 1));
  }
  set_progress(options, fitting);
  if (folder) fitting.callbacks.push_back(std::make_shared<RunFolderCallback>(*folder, record));
  const CheckpointEvery every = *training.options.checkpoint_every;
  if (every.unit() != CheckpointEvery::Unit::never) {
    fitting.callbacks.emplace_back(
        Checkpoints({.directory = record.run_dir + "/" + std::string(kCheckpointFolder),
                     .every = every,
                     .verbose = options.verbose}));
  }
  fitting.distribute = processes.communicator();
  if (fitting.validation_split == 0 && parts.test.size() > 0) {
    fitting.validation_data = prepared(parts.test);
  }
  const Dataset data = prepared(parts.train);
  record.threads =
      training.model.step_threads(data.spec(), std::min(fitting.batch_size, record.train_samples));
  return {.history = training.model.fit(data, fitting),
          .validation = validating(training.options, training.data, parts)};
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

// The run's folder, which the first process keeps. All know its path.
std::optional<RunFolder> run_folder(const TrainOptions& options, const Training& training,
                                    RunRecord& record, const Processes& processes) {
  auto folder = processes.together([&]() -> std::optional<RunFolder> {
    if (!processes.is_first()) return {};
    return RunFolder({.dataset = training.data.name,
                      .path = options.out,
                      .overwrite = options.overwrite,
                      .resume = !options.resume.empty()},
                     record);
  });
  record.run_dir = processes.text_of(0, record.run_dir);
  if (processes.communicator()) record.processes = processes.communicator()->size();
  return folder;
}

void finish(const TrainOptions& options, Training& training, const Fitted& fitted,
            const RunFolder& folder, RunRecord& record) {
  set_provenance(training.model, record);
  folder.finish(training.model, record, options.safetensors, [&] {
    write_report(folder, record, training.model, training.data, fitted.validation,
                 *training.options.batch_size);
  });
}

int train_in_folder(const TrainOptions& given, const Processes& processes,
                    const PastRun* past = nullptr) {
  const TrainOptions options = of_process(given, processes);
  Training training = processes.together([&] {
    processes.require_divide(options.shards);
    return checked(options);
  });
  training.compile.execution = execution_of(options.execution);
  training.model.compile(training.compile);
  RunRecord record = record_of(options, training);
  const std::optional<RunFolder> folder = run_folder(options, training, record, processes);
  if (options.tensorboard) {
    record.settings.emplace_back(kTensorBoardSetting, tensorboard_folder(options, record));
  }
  if (past != nullptr) {
    // A fit that is refused leaves it; one that is killed before its next epoch can go on.
    record.history = run_record(past->document).history;
    if (past->is_done() && folder) folder->write(record);
  }
  std::optional<StopSignals> signals;
  try {
    const DatasetParts parts = processes.together([&] { return training.data.read(); });
    // Not before: a download ends at once, and the next one goes on from what has arrived.
    signals.emplace(processes.is_first());
    const Fitted fitted =
        fit(options, training, parts, folder, record, processes, signals->token());
    record.history = fitted.history;
    if (!record.history.epochs.empty()) record.threads = record.history.team.members();
    record.status = record.history.stopped ? "interrupted" : "done";
    processes.tell_of_slow_one(record.history.process_seconds);
    if (folder) finish(options, training, fitted, *folder, record);
  } catch (const Error& error) {
    if (folder) record_failure(options, *folder, record, error.what());
    processes.let_first_tell();
    throw;
  } catch (const std::bad_alloc&) {
    if (folder) record_failure(options, *folder, record, "not enough memory");
    throw;
  }
  if (folder) print_results(options, record);
  return record.history.stopped ? signals->exit_status() : 0;
}

}  // namespace

int train(const TrainOptions& options) {
  const Processes processes(options);
  if (options.resume.empty()) return train_in_folder(options, processes);
  const PastRun run = processes.together([&] { return past_run(options.resume); });
  const TrainOptions resumed = resumed_options(run, options);
  const bool is_over = run.is_done() && resumed.epochs == run.options.epochs;
  if (!is_over) return train_in_folder(resumed, processes, &run);
  return processes.is_first() ? show_again(resumed, run) : 0;
}

}  // namespace cornu::inline v0::cli
