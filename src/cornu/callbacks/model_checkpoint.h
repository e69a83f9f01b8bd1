#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "cornu/callbacks/checkpoint_name.h"
#include "cornu/callbacks/monitor.h"
#include "cornu/callbacks/save_freq.h"

namespace cornu::inline v0 {

/// ModelCheckpoint's options, with Keras's names and defaults, in Keras's order.
struct ModelCheckpointOptions {
  /// Name of the file, which ends in .keras, .h5 or .safetensors, with save_weights_only in
  /// .weights.h5, .npz or .safetensors; required. {epoch:02d} in it stands for the number of the
  /// epoch from 1, {val_loss:.2f} for that log, {batch} with a save_freq of steps for the number of
  /// the step in its epoch from 1.
  std::string filepath = {};
  /// Name of the log that save_best_only watches.
  std::string monitor = "val_loss";
  /// 1 prints what is saved, and why not; 0 prints nothing.
  int64_t verbose = 0;
  /// Whether a model is saved only if the log is better than at all saves before.
  bool save_best_only = false;
  /// Whether the weights are saved alone.
  bool save_weights_only = false;
  /// "min": smaller is better, "max": larger, "auto": as the metric says.
  std::string mode = "auto";
  /// When a model is saved: "epoch", after each epoch; N, after every N-th step, counted on from
  /// one epoch to the next.
  SaveFreq save_freq = "epoch";
  /// A value must also be better than this; none: no bound.
  std::optional<double> initial_value_threshold = {};

  static void visit_fields(auto& self, auto& v) {
    v("filepath", self.filepath);
    v("monitor", self.monitor);
    v("verbose", self.verbose);
    v("save_best_only", self.save_best_only);
    v("save_weights_only", self.save_weights_only);
    v("mode", self.mode);
    v("save_freq", self.save_freq);
    v("initial_value_threshold", self.initial_value_threshold);
  }
};

/// Saves the model, or its weights, while it is trained. A file is replaced whole or not at all,
/// and missing folders are made. With `save_best_only` an epoch that lacks the monitored log, since
/// it was not validated, is saved, too, after a warning, as in Keras; any number is better than
/// NaN, and NaN is never better. The best value is kept from one fit to the next. An epoch that a
/// stop has cut is not saved.
///
/// Error before the first step for a name in `filepath` or a monitored log that no epoch can have,
/// and when a file cannot be written.
class CORNU_API ModelCheckpoint final : public Callback {
 public:
  explicit ModelCheckpoint(ModelCheckpointOptions options);
  /// The first option, or the first two, by position.
  template <class = void>
  explicit ModelCheckpoint(std::string filepath, std::string monitor = "val_loss")
      : ModelCheckpoint(ModelCheckpointOptions{.filepath = std::move(filepath),
                                               .monitor = std::move(monitor)}) {}
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  bool is_for_first() const override { return true; }
  void on_train_begin() override;
  void on_epoch_begin(int64_t epoch) override { epoch_ = epoch; }
  void on_epoch_end(EpochRecord& record, const History& history) override;
  bool wants_pause(int64_t step) override;
  void on_pause(const Pause& pause) override;
  CallbackState state() const override;
  void set_state(const CallbackState& state) override;

  /// The best value so far, initial_value_threshold at first; none if there was none.
  std::optional<double> best() const { return best_; }

 private:
  void require_names() const;
  /// With the number of the step in its epoch, unless the epoch has ended.
  void save(std::optional<int64_t> step, const Logs& logs);
  bool is_to_be_saved(const Logs& logs, const std::string& path);
  /// Prints "Epoch 3: " and the text if verbose.
  void say(const std::string& text) const;

  ModelCheckpointOptions options_;
  CheckpointName name_;
  Monitor monitor_;
  std::optional<double> best_;
  int64_t epoch_ = 0;
  int64_t step_ = 0;         ///< that is done or begins, of the epoch
  int64_t steps_ = 0;        ///< since the last save by steps
  bool has_warned_ = false;  ///< in this fit
};

}  // namespace cornu::inline v0
