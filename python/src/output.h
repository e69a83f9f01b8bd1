#pragma once

#include <nanobind/stl/tuple.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <streambuf>
#include <string>
#include <tuple>

#include "bindings.h"
#include "cornu/training/progress_view.h"

namespace cornu::python {

/// A stream that writes to Python's sys.stdout, wherever that leads: a notebook's cell, a file, a
/// test. It may be used without the GIL.
class PythonOutput : private std::streambuf, public std::ostream {
 public:
  /// `flushes`: whether Python's stream is flushed, too, when this one is.
  explicit PythonOutput(bool flushes)
      : std::ostream(static_cast<std::streambuf*>(this)), flushes_(flushes) {}

 private:
  int overflow(int c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

  const bool flushes_;
  std::string held_;
};

/// As keras._progress.view() gives it: style, milliseconds between two drawings of a running bar,
/// descriptor of its terminal, and whether lines are flushed.
using ViewArguments = std::tuple<std::string, int64_t, int, bool>;

/// The progress of a run on sys.stdout.
struct PythonView {
  explicit PythonView(const ViewArguments& arguments);

  PythonOutput output;
  ProgressStyle style;
  std::optional<LiveBar> live_bar;
};

}  // namespace cornu::python
