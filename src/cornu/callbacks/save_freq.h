#pragma once

#include <cstdint>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// How often a callback saves: "epoch", after each epoch, or a number N, after every N-th step.
class CORNU_API SaveFreq {
 public:
  SaveFreq(const char* word) : SaveFreq(std::string(word)) {}  // NOLINT: converts on purpose
  /// Error for another word.
  SaveFreq(const std::string& word);  // NOLINT
  /// Error for a number below 1.
  SaveFreq(int64_t steps);                           // NOLINT
  SaveFreq(int steps) : SaveFreq(int64_t{steps}) {}  // NOLINT

  bool by_epoch() const { return steps_ == 0; }
  /// From one save to the next; 0 by epoch.
  int64_t steps() const { return steps_; }

  friend Value to_value(const SaveFreq& freq) {
    return freq.by_epoch() ? Value("epoch") : Value(freq.steps_);
  }
  friend void from_value(const Value& value, SaveFreq& freq) {
    freq = value.is_int() ? SaveFreq(value.as_int()) : SaveFreq(value.as_string());
  }

 private:
  int64_t steps_;
};

}  // namespace cornu::inline v0
