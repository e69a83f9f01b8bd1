#include "cornu/callbacks/checkpoints.h"

#include <iostream>
#include <utility>

#include "cornu/callbacks/checkpoint_folder.h"
#include "cornu/core/error.h"
#include "cornu/training/checkpoint_dir.h"

namespace cornu::inline v0 {
namespace {

using Unit = CheckpointEvery::Unit;

std::shared_ptr<Callback> make_checkpoints(const std::string& path, const CheckpointEvery& every) {
  return std::make_shared<Checkpoints>(CheckpointsOptions{.directory = path, .every = every});
}

}  // namespace

// Defined here, so that only programs that name a folder link what writes files.
CheckpointDir::CheckpointDir(std::string path)
    : path_(std::move(path)), make_(path_.empty() ? nullptr : &make_checkpoints) {}

Checkpoints::Checkpoints(CheckpointsOptions options) : options_(std::move(options)) {
  if (!options_.directory.empty()) return;
  throw Error({.where = "Checkpoints",
               .field = "directory",
               .expected = "the name of a folder",
               .found = "none"});
}

Checkpoints::Checkpoints(Checkpoints&&) noexcept = default;
Checkpoints& Checkpoints::operator=(Checkpoints&&) noexcept = default;
Checkpoints::~Checkpoints() = default;

void Checkpoints::on_train_begin() {
  const Unit unit = options_.every.unit();
  within_epochs_ = training().has_state_within_epochs();
  if (!within_epochs_ && (unit == Unit::steps || unit == Unit::seconds)) {
    throw Error({.where = "checkpoints",
                 .field = "every",
                 .expected = "1epoch, as a metric of the model has no state() within an epoch",
                 .found = to_value(options_.every).as_string()});
  }
  folder_.reset();
  folder_ =
      std::make_unique<CheckpointFolder>(options_.directory, system_files(), training().is_first());
  epochs_ = 0;
  written_ = Clock::now();
  std::optional<FitState> state = folder_->newest(std::cerr);
  if (!state) return;
  std::string place = std::to_string(state->epoch) + (state->epoch == 1 ? " epoch" : " epochs");
  if (state->within_epoch) place += " and " + std::to_string(state->part.steps) + " steps";
  training().resume(*std::move(state));
  if (options_.verbose > 0 && training().is_first())
    std::cerr << "Resuming after " << place << '\n';
}

bool Checkpoints::wants_pause(int64_t) {
  if (options_.every.unit() == Unit::steps) {
    return (training().steps() + 1) % options_.every.count() == 0;
  }
  return options_.every.unit() == Unit::seconds &&
         Clock::now() - written_ >= std::chrono::seconds(options_.every.count());
}

bool Checkpoints::is_due(const Pause& pause) const {
  if (options_.every.unit() == Unit::never) return false;
  if (pause.is_last) return !pause.within_epoch || within_epochs_;
  switch (options_.every.unit()) {
    case Unit::steps:
      return pause.within_epoch && training().steps() % options_.every.count() == 0;
    case Unit::seconds:
      return Clock::now() - written_ >= std::chrono::seconds(options_.every.count());
    default:
      return !pause.within_epoch && epochs_ % options_.every.count() == 0;
  }
}

void Checkpoints::on_pause(const Pause& pause) {
  if (!pause.within_epoch) ++epochs_;
  if (!is_due(pause) || !training().is_first()) return;
  folder_->write(training().state());
  written_ = Clock::now();
}

void Checkpoints::on_train_end(const History& history) {
  const bool is_over = !history.stopped && training().is_first();
  if (options_.remove_at_end && is_over) folder_->remove();
}

void Checkpoints::release() noexcept {
  folder_.reset();
}

}  // namespace cornu::inline v0
