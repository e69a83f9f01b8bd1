#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "cornu/core/export.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

struct LiveCurvesOptions {
  /// The descriptor of the terminal, which says how large it is.
  int terminal = 2;
  /// Where the curves are drawn. Null: standard error.
  std::ostream* stream = nullptr;
  /// As in TerminalCurvesOptions.
  bool unicode = true;
  /// The same.
  bool color = true;
  /// The least time between two drawings.
  std::chrono::milliseconds interval{200};
};

/// Draws the learning curves of a fit into a terminal as they grow, each time over the last ones.
/// No mode of the terminal is changed, so that a fit may be ended at any time.
class CORNU_API LiveCurves final : public Callback {
 public:
  explicit LiveCurves(LiveCurvesOptions options = {});
  /// Whether there is a terminal with room for curves.
  static bool fit_into(int terminal);

  bool watches_batches() const override { return false; }
  bool may_log(std::string_view) const override { return false; }
  void on_train_begin() override;
  void on_epoch_begin(int64_t epoch) override;
  bool wants_pause(int64_t step) override;
  void on_pause(const Pause& pause) override;
  void on_epoch_end(EpochRecord& record, const History& history) override;
  void on_train_end(const History& history) override;

 private:
  using Clock = std::chrono::steady_clock;

  void add(const History& history);
  void draw();
  std::string status() const;

  LiveCurvesOptions options_;
  History shown_ = {};
  int64_t epoch_ = 0, steps_ = 0;
  Logs logs_ = {};                              ///< of the epoch so far
  int64_t lines_ = 0, width_ = 0, height_ = 0;  ///< of the last drawing
  Clock::time_point begin_ = {}, drawn_ = {};
};

}  // namespace cornu::inline v0
