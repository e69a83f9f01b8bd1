#pragma once

#include <functional>

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// At the beginning of each epoch sets the learning rate to schedule(epoch, present rate); each
/// epoch's logs hold its learning_rate.
class CORNU_API LearningRateScheduler final : public Callback {
 public:
  using Schedule = std::function<double(int64_t epoch, double learning_rate)>;
  explicit LearningRateScheduler(Schedule schedule, int64_t verbose = 0);
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view name) const override { return name == "learning_rate"; }
  /// Error if the optimizer has a schedule, as both would set the rate.
  void on_train_begin() override;
  void on_epoch_begin(int64_t epoch) override;
  void on_epoch_end(EpochRecord& record, const History& history) override;

 private:
  Schedule schedule_;
  int64_t verbose_;
};

}  // namespace cornu::inline v0
