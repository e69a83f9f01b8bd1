#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cornu/training/callback.h"
#include "cornu/training/checkpoint_every.h"

namespace cornu::inline v0 {

class CheckpointFolder;

struct CheckpointsOptions {
  /// The folder in which they are kept. Not empty.
  std::string directory = {};
  /// How often one is written: "30s", "500steps", "1epoch", or "never".
  CheckpointEvery every = "1epoch";
  /// Whether they are removed when the fit has ended without a stop.
  bool remove_at_end = false;
  /// 1 says at which place a fit is resumed; 0 nothing.
  int64_t verbose = 0;

  static void visit_fields(auto& self, auto& v) {
    v("directory", self.directory);
    v("every", self.every);
    v("remove_at_end", self.remove_at_end);
    v("verbose", self.verbose);
  }
};

/// Keeps checkpoints of a fit in a folder, and lets the same fit of another process go on from the
/// newest that is whole, with the weights, the history and the files of a fit that was never
/// interrupted, bit for bit. A fit that had ended returns its history at once; with more epochs it
/// goes on. Checkpoints are written at the end and when a StopToken ends the fit, too. The last
/// three and the best are kept.
///
/// Error if another process writes into the folder, and if the checkpoints are of other data,
/// another model or other settings: the number of epochs and whatever changes no bit are free.
/// Callbacks take part by their state().
class CORNU_API Checkpoints : public Callback {
 public:
  explicit Checkpoints(CheckpointsOptions options);
  Checkpoints(Checkpoints&&) noexcept;
  Checkpoints& operator=(Checkpoints&&) noexcept;
  ~Checkpoints() override;
  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  bool takes_state() const override { return true; }
  void on_train_begin() override;
  bool wants_pause(int64_t step) override;
  void on_pause(const Pause& pause) override;
  void on_train_end(const History& history) override;
  void release() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;
  bool is_due(const Pause& pause) const;

  CheckpointsOptions options_;
  std::unique_ptr<CheckpointFolder> folder_;  ///< during a fit
  bool within_epochs_ = false;                ///< whether states can be taken there
  int64_t epochs_ = 0;                        ///< of this fit since it began or was resumed
  Clock::time_point written_ = {};
};

}  // namespace cornu::inline v0
