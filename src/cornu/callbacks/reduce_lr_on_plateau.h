#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cornu/callbacks/monitor.h"

namespace cornu::inline v0 {

struct ReduceLROnPlateauOptions {
  /// Name of the log that is watched.
  std::string monitor = "val_loss";
  /// The learning rate is multiplied by it, 0 < factor < 1.
  double factor = 0.1;
  /// Epochs without a better value before a reduction, ≥ 0.
  int64_t patience = 10;
  /// 1 prints each reduction; 0 prints nothing.
  int64_t verbose = 0;
  /// "min": smaller is better, "max": larger, "auto": as the metric says.
  std::string mode = "auto";
  /// A value counts as better when it is better by more than this.
  double min_delta = 1e-4;
  /// Epochs after a reduction that are not counted, ≥ 0.
  int64_t cooldown = 0;
  /// Smallest learning rate, ≥ 0.
  double min_lr = 0;

  static void visit_fields(auto& self, auto& v) {
    v("monitor", self.monitor);
    v("factor", self.factor);
    v("patience", self.patience);
    v("verbose", self.verbose);
    v("mode", self.mode);
    v("min_delta", self.min_delta);
    v("cooldown", self.cooldown);
    v("min_lr", self.min_lr);
  }
};

/// Multiplies the learning rate by `factor` when the monitored log has not become better for
/// `patience` epochs; each epoch's logs hold its learning_rate. Any number is better than NaN.
/// Error for a factor outside (0, 1), and before the first step if no epoch can have such a log or
/// the optimizer has a schedule of the learning rate.
class CORNU_API ReduceLROnPlateau final : public Callback {
 public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit ReduceLROnPlateau(std::string monitor, double factor = 0.1)
      : ReduceLROnPlateau(
            ReduceLROnPlateauOptions{.monitor = std::move(monitor), .factor = factor}) {}
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view name) const override { return name == "learning_rate"; }
  void on_train_begin() override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  CallbackState state() const override;
  void set_state(const CallbackState& state) override;

 private:
  ReduceLROnPlateauOptions options_;
  Monitor monitor_;
  /// What it knows of the epochs of a fit.
  struct Watched {
    int64_t wait = 0, cooldown_left = 0;
    std::optional<double> best = {};

    static void visit_fields(auto& self, auto& v) {
      v("wait", self.wait);
      v("cooldown_left", self.cooldown_left);
      v("best", self.best);
    }
  };
  Watched watched_;
};

}  // namespace cornu::inline v0
