#include "cornu/callbacks/early_stopping.h"

#include <iostream>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

EarlyStopping::EarlyStopping(EarlyStoppingOptions options)
    : options_(std::move(options)),
      monitor_("EarlyStopping", options_.monitor, options_.mode, options_.min_delta) {}

int64_t EarlyStopping::best_epoch() const {
  if (best_) return best_epoch_;
  throw Error(
      {.where = "EarlyStopping",
       .what = "there is no best epoch, since no epoch had a number as its " + monitor_.name(),
       .hint = "best() is empty then"});
}

void EarlyStopping::on_train_begin() {
  monitor_.begin(training());
  wait_ = best_epoch_ = 0;
  stopped_epoch_.reset();
  best_.reset();
  best_weights_.clear();
}

void EarlyStopping::on_epoch_end(EpochRecord& record, const History&) {
  if (record.epoch < options_.start_from_epoch) return;
  const std::optional<double> value = monitor_.value(record.logs);
  if (!value) return;
  ++wait_;
  if (monitor_.improves(*value, best_)) {
    best_ = value;
    best_epoch_ = record.epoch;
    if (options_.restore_best_weights) best_weights_ = training().weights();
    if (!options_.baseline || monitor_.improves(*value, *options_.baseline)) wait_ = 0;
    return;
  }
  if (wait_ < options_.patience || record.epoch == 0) return;
  stopped_epoch_ = record.epoch;
  training().stop();
}

void EarlyStopping::on_train_end(const History&) {
  if (stopped_epoch_ && options_.verbose > 0) {
    std::cerr << "Epoch " << *stopped_epoch_ + 1 << ": early stopping\n";
  }
  if (best_weights_.empty()) return;
  if (options_.verbose > 0) {
    std::cerr << "Restoring the weights of the best epoch, " << best_epoch_ + 1 << "\n";
  }
  training().set_weights(best_weights_);
}

}  // namespace cornu::inline v0
