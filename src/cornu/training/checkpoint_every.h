#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// How often a fit's checkpoints are written: "30s", "500steps", "1epoch" or "never". The end of a
/// fit, and a stop, write one too, but for "never".
class CORNU_API CheckpointEvery {
 public:
  enum class Unit { never, seconds, steps, epochs };

  CheckpointEvery(const char* text) : CheckpointEvery(std::string(text)) {}  // NOLINT: converts
  /// Error for another text, and for a number below 1.
  CheckpointEvery(const std::string& text);  // NOLINT

  Unit unit() const { return unit_; }
  int64_t count() const { return count_; }

  friend Value to_value(const CheckpointEvery& every) { return every.text(); }
  friend void from_value(const Value& value, CheckpointEvery& every) {
    every = CheckpointEvery(value.as_string());
  }

 private:
  std::string text() const;

  Unit unit_ = Unit::never;
  int64_t count_ = 0;
};

}  // namespace cornu::inline v0
