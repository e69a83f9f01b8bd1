#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/core/dtype.h"
#include "cornu/core/shape.h"

namespace cornu::inline v0 {

using SlotId = int32_t;
inline constexpr SlotId kNone = -1;
using Slots = std::vector<SlotId>;

/// input: the batch's memory. weight, state: the model's memory, alive between runs.
/// activation, gradient: the arena's, alive during a run.
enum class SlotKind { input, weight, state, activation, gradient };

/// A tensor's place in a plan. A slot with a `base` is the same memory under another shape.
struct Slot {
  std::string name;
  SlotKind kind = SlotKind::activation;
  Shape shape;
  DType dtype = DType::float32;
  SlotId base = kNone;
  bool trainable = true;  ///< weights: whether the optimizer moves it
  double initial = 0;     ///< states: every element before the first step
  bool by_rows = false;   ///< inputs: each row is read at its own address
};

}  // namespace cornu::inline v0
