#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/training/history.h"

namespace cornu::inline v0 {

struct TerminalCurvesOptions {
  /// Dots of Braille, eight to a character, for terminals that read UTF-8; else characters of
  /// ASCII.
  bool unicode = true;
  /// Whether training and validation have colours; else the curve of validation is dashed.
  bool color = false;
  /// Characters in a line, and lines, that there is room for.
  int64_t width = 80, height = 24;
};

/// The learning curves of a fit as lines of text that each end in a newline: the loss and each
/// metric in a plot of its own, training and validation, over all of the epochs that the fit is to
/// have. Plots for which there is no room are left out, the loss last.
CORNU_API std::string terminal_curves(const History& history,
                                      const TerminalCurvesOptions& options = {});

}  // namespace cornu::inline v0
