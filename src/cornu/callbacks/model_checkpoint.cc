#include "cornu/callbacks/model_checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/fields.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

constexpr const char* kCallback = "ModelCheckpoint";

void require_ending_for(bool weights_only, const std::string& filepath) {
  const bool is_weights = filepath.ends_with(".weights.h5");
  const bool is_tensors = filepath.ends_with(".safetensors");
  const bool good = weights_only ? is_weights || is_tensors || filepath.ends_with(".npz")
                                 : is_tensors || filepath.ends_with(".keras") ||
                                       (filepath.ends_with(".h5") && !is_weights);
  if (good) return;
  throw Error({.where = kCallback,
               .field = "filepath",
               .expected = weights_only
                               ? "a filepath that ends in .weights.h5, .npz or .safetensors"
                               : "a filepath that ends in .keras, .h5 or .safetensors",
               .found = filepath.empty() ? "none" : filepath,
               .hint = is_weights ? "save_weights_only" : ""});
}

void make_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return;
  throw Error({.kind = ErrorKind::io,
               .where = folder.string(),
               .what = "cannot make the folder: " + error.message()});
}

}  // namespace

ModelCheckpoint::ModelCheckpoint(ModelCheckpointOptions options)
    : options_(std::move(options)),
      name_(options_.filepath),
      monitor_(kCallback, options_.monitor, options_.mode, 0),
      best_(options_.initial_value_threshold) {
  require_ending_for(options_.save_weights_only, options_.filepath);
}

void ModelCheckpoint::on_train_begin() {
  has_warned_ = false;
  require_names();
  if (options_.save_best_only) monitor_.begin_optional(training());
}

// A step has no logs of validation, and none that callbacks add.
void ModelCheckpoint::require_names() const {
  const bool by_epoch = options_.save_freq.by_epoch();
  std::vector<std::string> known = {"epoch"};
  if (!by_epoch) known.emplace_back("batch");
  for (const std::string& each : training().log_names()) {
    if (by_epoch || !each.starts_with("val_")) known.push_back(each);
  }
  for (const std::string& each : name_.names()) {
    const bool is_known = std::ranges::find(known, each) != known.end();
    if (is_known || (by_epoch && each != "batch" && training().may_log(each))) continue;
    throw unknown_name("ModelCheckpoint: filepath", "number", each, known, "filepath");
  }
}

void ModelCheckpoint::on_epoch_end(EpochRecord& record, const History& history) {
  epoch_ = record.epoch;
  if (options_.save_freq.by_epoch() && !history.stopped) save({}, record.logs);
}

// It is asked before every step, and so counts them.
bool ModelCheckpoint::wants_pause(int64_t step) {
  if (options_.save_freq.by_epoch()) return false;
  step_ = step;
  return ++steps_ >= options_.save_freq.steps();
}

void ModelCheckpoint::on_pause(const Pause& pause) {
  if (options_.save_freq.by_epoch() || steps_ < options_.save_freq.steps()) return;
  steps_ = 0;
  save(step_ + 1, pause.logs);
}

bool ModelCheckpoint::is_to_be_saved(const Logs& logs, const std::string& path) {
  if (!options_.save_best_only) {
    say("saving model to " + path);
    return true;
  }
  const std::optional<double> value = monitor_.optional_value(training(), logs);
  if (!value) {
    if (!has_warned_) {
      std::cerr << "ModelCheckpoint: can save the best model only with " << options_.monitor
                << " available; every model without it is saved\n";
    }
    has_warned_ = true;
    return true;
  }
  constexpr int kDecimals = 5;
  const std::string best = best_ ? fixed(*best_, kDecimals) : "None";
  if (!monitor_.improves(*value, best_)) {
    say(options_.monitor + " did not improve from " + best);
    return false;
  }
  say(options_.monitor + " improved from " + best + " to " + fixed(*value, kDecimals) +
      ", saving model to " + path);
  best_ = value;
  return true;
}

void ModelCheckpoint::save(std::optional<int64_t> step, const Logs& logs) {
  const std::string path = name_.at(epoch_ + 1, step, logs);
  if (!is_to_be_saved(logs, path)) return;
  make_folder_of(path);
  if (options_.save_weights_only) {
    training().save_weights(path);
  } else {
    training().save(path);
  }
  say("finished saving model to " + path);
}

void ModelCheckpoint::say(const std::string& text) const {
  if (options_.verbose > 0) std::cerr << "\nEpoch " << epoch_ + 1 << ": " << text << '\n';
}

CallbackState ModelCheckpoint::state() const {
  return {.name = kCallback,
          .values = {{"best", to_value(best_)}, {"epoch", epoch_}, {"steps", steps_}},
          .tensors = {}};
}

void ModelCheckpoint::set_state(const CallbackState& state) {
  const Value values = state.values;
  const Value& best = values["best"];
  best_ = best.is_null() ? std::nullopt : std::optional(best.as_double());
  epoch_ = values["epoch"].as_int();
  steps_ = values["steps"].as_int();
  check_state_count(kCallback, epoch_);
  check_state_count(kCallback, steps_);
}

}  // namespace cornu::inline v0
