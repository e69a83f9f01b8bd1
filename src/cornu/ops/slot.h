#pragma once

#include <array>
#include <cstdint>
#include <optional>
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

/// By axis, the numbers of memory from one element to the next.
using Strides = std::array<int64_t, kMaxNdim>;

/// A tensor's place in a plan. A slot with a `base` lies in the memory of that slot: it is the same
/// numbers under another shape, or with `strides` a view of some of them.
struct Slot {
  std::string name;
  SlotKind kind = SlotKind::activation;
  Shape shape;
  DType dtype = DType::float32;
  SlotId base = kNone;
  std::optional<Strides> strides = {};  ///< of a view; else the elements lie side by side
  int64_t offset = 0;                   ///< of a view's first number from that of its base
  int64_t line = 0;  ///< of a view, from a line to the next; 0: not the same distance throughout
  bool trainable = true;  ///< weights: whether the optimizer moves it
  double initial = 0;     ///< states: every element before the first step
  bool by_rows = false;   ///< inputs: each row is read at its own address
  int shards = 1;         ///< sums over rows: one for each of so many shards, one behind the other
};

}  // namespace cornu::inline v0
