#include "cornu/callbacks/early_stopping.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/fields.h"

namespace cornu::inline v0 {

EarlyStopping::EarlyStopping(EarlyStoppingOptions options)
    : options_(std::move(options)),
      monitor_("EarlyStopping", options_.monitor, options_.mode, options_.min_delta) {}

int64_t EarlyStopping::best_epoch() const {
  if (watched_.best) return watched_.best_epoch;
  throw Error(
      {.where = "EarlyStopping",
       .what = "there is no best epoch, since no epoch had a number as its " + monitor_.name(),
       .hint = "best() is empty then"});
}

std::optional<int64_t> EarlyStopping::stopped_epoch() const {
  if (watched_.stopped_epoch < 0) return {};
  return watched_.stopped_epoch;
}

void EarlyStopping::on_train_begin() {
  monitor_.begin(training());
  watched_ = {};
  best_weights_.clear();
}

void EarlyStopping::on_epoch_end(EpochRecord& record, const History&) {
  if (record.epoch < options_.start_from_epoch) return;
  const std::optional<double> value = monitor_.value(record.logs);
  if (!value) return;
  ++watched_.wait;
  if (monitor_.improves(*value, watched_.best)) {
    watched_.best = value;
    watched_.best_epoch = record.epoch;
    if (options_.restore_best_weights) best_weights_ = training().weights();
    if (!options_.baseline || monitor_.improves(*value, *options_.baseline)) watched_.wait = 0;
    return;
  }
  if (watched_.wait < options_.patience || record.epoch == 0) return;
  watched_.stopped_epoch = record.epoch;
  training().stop();
}

void EarlyStopping::on_train_end(const History&) {
  if (stopped_epoch() && options_.verbose > 0 && training().is_first()) {
    std::cerr << "Epoch " << *stopped_epoch() + 1 << ": early stopping\n";
  }
  if (best_weights_.empty()) return;
  if (options_.verbose > 0 && training().is_first()) {
    std::cerr << "Restoring the weights of the best epoch, " << watched_.best_epoch + 1 << "\n";
  }
  training().set_weights(best_weights_);
}

CallbackState EarlyStopping::state() const {
  CallbackState state{.name = "EarlyStopping", .values = fields_to_map(watched_), .tensors = {}};
  for (size_t i = 0; i < best_weights_.size(); ++i) {
    state.tensors.emplace_back("best_weights/" + std::to_string(i), best_weights_[i]);
  }
  return state;
}

void EarlyStopping::set_state(const CallbackState& state) {
  fields_from_map(state.values, watched_, state.name);
  const int64_t stopped_epoch = watched_.stopped_epoch == -1 ? 0 : watched_.stopped_epoch;
  for (const int64_t count : {watched_.wait, watched_.best_epoch, stopped_epoch}) {
    check_state_count(state.name, count);
  }
  best_weights_.resize(state.tensors.size());
  for (size_t i = 0; i < best_weights_.size(); ++i) {
    const std::string name = "best_weights/" + std::to_string(i);
    const auto stored =
        std::ranges::find_if(state.tensors, [&](const auto& each) { return each.first == name; });
    if (stored == state.tensors.end()) {
      throw Error({.kind = ErrorKind::corrupt, .where = state.name, .what = "has no " + name});
    }
    best_weights_[i] = stored->second;
  }
}

}  // namespace cornu::inline v0
