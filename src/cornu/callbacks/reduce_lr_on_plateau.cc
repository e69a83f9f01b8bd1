#include "cornu/callbacks/reduce_lr_on_plateau.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "cornu/callbacks/no_schedule.h"
#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

ReduceLROnPlateau::ReduceLROnPlateau(ReduceLROnPlateauOptions options)
    : options_(std::move(options)),
      monitor_("ReduceLROnPlateau", options_.monitor, options_.mode, options_.min_delta) {
  if (options_.factor < 1 && options_.factor > 0) return;
  throw Error({.where = "ReduceLROnPlateau",
               .field = "factor",
               .expected = "0 < factor < 1",
               .found = shortest(options_.factor)});
}

void ReduceLROnPlateau::on_train_begin() {
  require_no_schedule("ReduceLROnPlateau", training());
  monitor_.begin(training());
  wait_ = cooldown_left_ = 0;
  best_.reset();
}

void ReduceLROnPlateau::on_epoch_end(EpochRecord& record, const History&) {
  const double rate = training().learning_rate();
  record.logs.set("learning_rate", rate);
  const std::optional<double> value = monitor_.value(record.logs);
  if (!value) return;
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    wait_ = 0;
  }
  if (monitor_.improves(*value, best_)) {
    best_ = value;
    wait_ = 0;
    return;
  }
  if (cooldown_left_ > 0 || ++wait_ < options_.patience || !(rate > options_.min_lr)) return;
  const double reduced = std::max(rate * options_.factor, options_.min_lr);
  training().set_learning_rate(reduced);
  if (options_.verbose > 0) {
    std::cerr << "Epoch " << record.epoch + 1 << ": learning rate reduced to " << shortest(reduced)
              << "\n";
  }
  cooldown_left_ = options_.cooldown;
  wait_ = 0;
}

}  // namespace cornu::inline v0
