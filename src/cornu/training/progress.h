#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "cornu/training/history.h"

namespace cornu::inline v0 {

/// The line of Keras's progress bar (TensorFlow 2.0's):
/// `60000/60000 [====…] - 1s 15us/sample - loss: 0.1051 - accuracy: 0.9707`.
/// `seconds` is the time so far; before the end the bar has a head and an ETA.
CORNU_API std::string progress_line(int64_t done, int64_t total, double seconds, const Logs& logs);

/// Prints a fit as the tutorial shows it. verbose 1: on a terminal, a bar no wider than it that is
/// redrawn in place (at most every 50 ms); elsewhere, one line per epoch. verbose 2: one short line
/// per epoch.
class CORNU_API Progress {
 public:
  /// Null `stream`: standard error.
  Progress(int64_t verbose, std::ostream* stream);

  void begin(int64_t samples, int64_t validation_samples, int64_t epochs);
  void begin_epoch(int64_t epoch);
  void step(int64_t done, const Logs& logs);
  void end_epoch(const Logs& logs);
  /// The only bar of an evaluation.
  void end_evaluation(int64_t samples, double seconds, const Logs& logs);
  /// Whether a redraw is due; if not, step() needs no new logs.
  bool due() const;

 private:
  using Clock = std::chrono::steady_clock;
  double seconds() const;

  int64_t verbose_;
  std::ostream& stream_;
  bool live_;
  int64_t samples_ = 0, epochs_ = 0, done_ = 0;
  size_t drawn_ = 0;
  double trained_seconds_ = 0;
  Clock::time_point epoch_begin_, last_draw_;
};

}  // namespace cornu::inline v0
