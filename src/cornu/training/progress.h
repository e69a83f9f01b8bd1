#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "cornu/training/history.h"
#include "cornu/training/progress_view.h"

namespace cornu::inline v0 {

struct ProgressLine;

/// The line of Keras's progress bar (TensorFlow 2.0's):
/// `60000/60000 [====…] - 1s 15us/sample - loss: 0.1051 - accuracy: 0.9707`.
/// `seconds` is the time so far; before the end the bar has a head and an ETA.
CORNU_API std::string progress_line(int64_t done, int64_t total, double seconds, const Logs& logs);

/// How much there is to do; 0 samples or steps: not known.
struct ProgressSize {
  int64_t samples = 0, steps = 0;
};

/// Prints a fit as the tutorial, or Keras 3, shows it. verbose 1: where there is a live bar, it is
/// redrawn in place, no wider than its terminal; elsewhere, one line per epoch. verbose 2: one
/// short line per epoch.
class CORNU_API Progress {
 public:
  Progress(int64_t verbose, const ProgressView& view);

  void begin(ProgressSize epoch, int64_t validation_samples, int64_t epochs);
  void begin_epoch(int64_t epoch);
  /// After each step: `samples` of the epoch are done.
  void step(int64_t samples, const Logs& logs);
  void end_epoch(const Logs& logs);
  /// Also of a prediction, which has no logs.
  void begin_evaluation(ProgressSize all);
  /// The last line of an evaluation; without a live bar the only one.
  void end_evaluation(ProgressSize done, double seconds, const Logs& logs);
  /// Whether a redraw is due; if not, step() needs no new logs.
  bool due() const;
  /// Since the epoch, evaluation or prediction has begun.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  double seconds_of_step() const;
  ProgressLine line(const Logs& logs, double seconds) const;
  size_t width() const;
  void print_whole(const ProgressLine& line);

  int64_t verbose_;
  std::ostream& stream_;
  ProgressStyle style_;
  LiveBar bar_;
  bool live_;
  bool colors_ = false;
  ProgressSize all_, done_;
  int64_t epochs_ = 0;
  size_t own_logs_ = 0;
  size_t drawn_ = 0;  ///< columns of the running bar
  Clock::time_point epoch_begin_, first_step_, last_draw_;
};

}  // namespace cornu::inline v0
