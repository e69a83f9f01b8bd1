#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// Where the elements of a batch are not zero, for products that leave the others out; in = {x},
/// out = {bits, listed}. Bit k mod 64 of bits[k div 64, i] is that of x[i, k] (kernels/table.h).
/// A member writes `listed` at the first of its rows: 1 where it pays for its rows, that is where
/// rows i … i + group − 1 together have few enough, and else 0, in which case it does not make
/// their bits. That is measured anew for each batch, on the first of these rows; the bits are used
/// where all members have made theirs. Shapes: x (rows, depth) -> bits (⌈depth/64⌉, capacity),
/// int64; listed (capacity), int64.
struct Nonzero {
  int64_t group = 1;
  uint8_t zero = 0;      ///< the byte that stands for 0, where x holds bytes
  int64_t capacity = 0;  ///< most rows
  static constexpr std::string_view kName = "nonzero";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("group", self.group); }
  friend bool operator==(const Nonzero&, const Nonzero&) = default;
};

/// The same seen from the columns of x; in = {bits, listed} of a Nonzero, out = {bits}.
/// Shapes: (⌈depth/64⌉, capacity) -> (⌈capacity/64⌉, depth).
struct TransposeNonzero {
  int64_t depth = 0;
  static constexpr std::string_view kName = "transpose_nonzero";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const TransposeNonzero&, const TransposeNonzero&) = default;
};

Outputs outputs(const Nonzero&, const Builder&, const Slots& in);
Outputs outputs(const TransposeNonzero&, const Builder&, const Slots& in);
inline double flops(const Nonzero&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const TransposeNonzero&, const Op&, const Sizes&) {
  return 0;
}
inline void gradient(const Nonzero&, const Op&, Builder&) {}
inline void gradient(const TransposeNonzero&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
