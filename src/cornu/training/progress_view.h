#pragma once

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The form of progress lines.
enum class ProgressStyle {
  /// TensorFlow 2.0's, which counts samples:
  /// `60000/60000 [====…] - 1s 15us/sample - loss: 0.1051 - accuracy: 0.9707`
  tutorial,
  /// Keras 3's, which counts steps and sorts the values by name:
  /// `469/469 ━━━━━━━━━━━━━━━━━━━━ 1s 2ms/step - accuracy: 0.9707 - loss: 0.1051`
  keras3,
};

/// "tutorial" or "keras3". Error, with these names, for another.
CORNU_API ProgressStyle progress_style_named(std::string_view name);

/// A running bar, drawn over its last state after "\r".
struct LiveBar {
  /// The time between two drawings.
  std::chrono::milliseconds interval{50};
  /// The descriptor of the terminal whose width the lines keep to; -1: any width.
  int terminal = -1;
};

/// Where and how progress is printed.
struct ProgressView {
  /// Null: standard error.
  std::ostream* stream = nullptr;
  ProgressStyle style = ProgressStyle::tutorial;
  /// None: a stream gets whole lines alone, and standard error has a bar where it is a terminal.
  std::optional<LiveBar> live_bar = {};
};

}  // namespace cornu::inline v0
