#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// How often TensorBoard writes the logs of steps: "epoch", never; "batch", at each step; or a
/// number N, at every N-th step.
class CORNU_API UpdateFreq {
 public:
  UpdateFreq(const char* word) : UpdateFreq(std::string(word)) {}  // NOLINT: converts on purpose
  /// Error for another word.
  UpdateFreq(std::string word);  // NOLINT
  /// Error for a number below 1.
  UpdateFreq(int64_t steps);                             // NOLINT
  UpdateFreq(int steps) : UpdateFreq(int64_t{steps}) {}  // NOLINT

  /// Whether the step of that number, counted from 1, is written.
  bool includes(int64_t step) const { return steps_ > 0 && step % steps_ == 0; }
  bool by_epoch() const { return steps_ == 0; }

  friend Value to_value(const UpdateFreq& freq) {
    return freq.by_epoch() ? Value("epoch") : Value(freq.steps_);
  }
  friend void from_value(const Value& value, UpdateFreq& freq) {
    freq = value.is_int() ? UpdateFreq(value.as_int()) : UpdateFreq(value.as_string());
  }

 private:
  int64_t steps_;  ///< 0: "epoch"
};

}  // namespace cornu::inline v0
