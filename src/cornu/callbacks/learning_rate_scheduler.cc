#include "cornu/callbacks/learning_rate_scheduler.h"

#include <iostream>
#include <utility>

#include "cornu/callbacks/no_schedule.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

LearningRateScheduler::LearningRateScheduler(Schedule schedule, int64_t verbose)
    : schedule_(std::move(schedule)), verbose_(verbose) {}

void LearningRateScheduler::on_train_begin() {
  require_no_schedule("LearningRateScheduler", training());
}

void LearningRateScheduler::on_epoch_begin(int64_t epoch) {
  const double rate = schedule_(epoch, training().learning_rate());
  training().set_learning_rate(rate);
  if (verbose_ > 0 && training().is_first()) {
    std::cerr << "Epoch " << epoch + 1 << ": learning rate " << shortest(rate) << "\n";
  }
}

void LearningRateScheduler::on_epoch_end(EpochRecord& record, const History&) {
  record.logs.set("learning_rate", training().learning_rate());
}

}  // namespace cornu::inline v0
