#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/callbacks/monitor.h"

namespace cornu::inline v0 {

struct EarlyStoppingOptions {
  /// Name of the log that is watched.
  std::string monitor = "val_loss";
  /// A value counts as better when it is better by more than this.
  double min_delta = 0;
  /// Epochs without a better value after which the fit ends, ≥ 0.
  int64_t patience = 0;
  /// 1 prints when it stops; 0 prints nothing.
  int64_t verbose = 0;
  /// "min": smaller is better, "max": larger, "auto": as the metric says.
  std::string mode = "auto";
  /// A value must also beat this to count as better; none: no bound.
  std::optional<double> baseline = {};
  /// Whether the fit ends with the weights of its best epoch.
  bool restore_best_weights = false;
  /// Epochs before this one, from 0, are not counted.
  int64_t start_from_epoch = 0;

  static void visit_fields(auto& self, auto& v) {
    v("monitor", self.monitor);
    v("min_delta", self.min_delta);
    v("patience", self.patience);
    v("verbose", self.verbose);
    v("mode", self.mode);
    v("baseline", self.baseline);
    v("restore_best_weights", self.restore_best_weights);
    v("start_from_epoch", self.start_from_epoch);
  }
};

/// Ends a fit when the monitored log has not become better for `patience` epochs, and can restore
/// the weights of the best one. Any number is better than NaN. Error before the first step if no
/// epoch can have such a log, and after the first epoch that counts if it has none.
class CORNU_API EarlyStopping final : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit EarlyStopping(std::string monitor, double min_delta = 0)
      : EarlyStopping(EarlyStoppingOptions{.monitor = std::move(monitor), .min_delta = min_delta}) {
  }
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  void on_train_begin() override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  void on_train_end(const History& history) override;
  CallbackState state() const override;
  void set_state(const CallbackState& state) override;

  /// The epoch after which it ended the last fit; none if it did not.
  std::optional<int64_t> stopped_epoch() const;
  /// The epoch of the last fit whose value was the best. Error when no epoch had a number.
  int64_t best_epoch() const;
  /// That value; none if no epoch had a number.
  std::optional<double> best() const { return watched_.best; }

 private:
  EarlyStoppingOptions options_;
  Monitor monitor_;
  /// What it knows of the epochs of a fit.
  struct Watched {
    int64_t wait = 0, best_epoch = 0;
    int64_t stopped_epoch = -1;  ///< -1: none
    std::optional<double> best = {};

    static void visit_fields(auto& self, auto& v) {
      v("wait", self.wait);
      v("best_epoch", self.best_epoch);
      v("stopped_epoch", self.stopped_epoch);
      v("best", self.best);
    }
  };
  Watched watched_;
  std::vector<Tensor> best_weights_;
};

}  // namespace cornu::inline v0
