#include "cornu/callbacks/reduce_lr_on_plateau.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "cornu/callbacks/no_schedule.h"
#include "cornu/core/error.h"
#include "cornu/core/fields.h"
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
  watched_ = {};
}

void ReduceLROnPlateau::on_epoch_end(EpochRecord& record, const History&) {
  const double rate = training().learning_rate();
  record.logs.set("learning_rate", rate);
  const std::optional<double> value = monitor_.value(record.logs);
  if (!value) return;
  if (watched_.cooldown_left > 0) {
    --watched_.cooldown_left;
    watched_.wait = 0;
  }
  if (monitor_.improves(*value, watched_.best)) {
    watched_.best = value;
    watched_.wait = 0;
    return;
  }
  if (watched_.cooldown_left > 0 || ++watched_.wait < options_.patience ||
      !(rate > options_.min_lr))
    return;
  const double reduced = std::max(rate * options_.factor, options_.min_lr);
  training().set_learning_rate(reduced);
  if (options_.verbose > 0 && training().is_first()) {
    std::cerr << "Epoch " << record.epoch + 1 << ": learning rate reduced to " << shortest(reduced)
              << "\n";
  }
  watched_.cooldown_left = options_.cooldown;
  watched_.wait = 0;
}

CallbackState ReduceLROnPlateau::state() const {
  return {.name = "ReduceLROnPlateau", .values = fields_to_map(watched_), .tensors = {}};
}

void ReduceLROnPlateau::set_state(const CallbackState& state) {
  fields_from_map(state.values, watched_, state.name);
  check_state_count(state.name, watched_.wait);
  check_state_count(state.name, watched_.cooldown_left);
}

}  // namespace cornu::inline v0
