#pragma once

#include <array>
#include <cstddef>

#include "cornu/core/value.h"
#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// A number for each axis behind that of the batch.
struct AxisNumbers {
  static constexpr size_t kMost = 7;
  std::array<int32_t, kMost> at{};
  friend bool operator==(const AxisNumbers&, const AxisNumbers&) = default;
};
Value to_value(const AxisNumbers& x);

/// y = x with its axes behind the batch's in another order, with zeros around it, or cut. Axis i of
/// y (0 is the one behind the batch's) is axis `order`[i] of x with `before`[i] and `after`[i]
/// zeros; below 0, as many elements are cut away. in = {x}; all of x's axes must be kept at least
/// in part.
struct Rearrange {
  AxisNumbers order = {{0, 1, 2, 3, 4, 5, 6}};
  AxisNumbers before, after;
  static constexpr std::string_view kName = "rearrange";
  static constexpr Layout kFirstLayout = Layout::any_lines;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("order", self.order);
    v("before", self.before);
    v("after", self.after);
  }
  friend bool operator==(const Rearrange&, const Rearrange&) = default;
};

Outputs outputs(const Rearrange&, const Builder&, const Slots& in);
inline double flops(const Rearrange&, const Op&, const Sizes&) {
  return 0;
}
void gradient(const Rearrange&, const Op&, Builder&);

/// The op that moves axis `from` (of all axes, the batch's is 0) to the place `to`.
Rearrange move_axis(int64_t from, int64_t to);

}  // namespace cornu::inline v0::ops
