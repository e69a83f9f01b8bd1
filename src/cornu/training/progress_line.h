#pragma once

#include <cstdint>

#include "cornu/training/history.h"
#include "cornu/training/progress_output.h"
#include "cornu/training/progress_view.h"

namespace cornu::inline v0 {

/// What a line of progress tells. It counts samples or steps, as its style does.
struct ProgressLine {
  ProgressStyle style = ProgressStyle::tutorial;
  int64_t done = 0;
  int64_t total = 0;  ///< 0: not known
  bool running = false;
  double seconds = 0;  ///< so far
  double each = 0;     ///< seconds for one
  const Logs& logs;
  size_t own = SIZE_MAX;  ///< how many of the logs are training's own; others follow them
  bool colors = false;
};

/// A bar with all values. It is as long as `width` allows beside the values or, if these are too
/// many, beside those of training; values past column `wrap` are put on further lines.
void print_bar(ProgressOutput& out, const ProgressLine& line, size_t width = SIZE_MAX,
               size_t wrap = SIZE_MAX);

/// The same without a bar, as of verbose 2.
void print_short(ProgressOutput& out, const ProgressLine& line);

}  // namespace cornu::inline v0
