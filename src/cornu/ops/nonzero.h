#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// Bits that mark the nonzero elements of a batch, for products that leave out zeros; in = {x},
/// out = {bits, listed}. Bit k mod 64 of bits[k div 64, i] is that of x[i, k] (kernels/nonzero.h).
/// For each batch a member samples its first few rows to estimate how many columns a product could
/// skip: it takes them in groups of `group`, and a column can be skipped if it is 0 in all rows of
/// a group. If the part to be kept is below kListedBelow (plan/run_product.h), it writes the bits
/// of all its rows, and 1 to `listed` at its first row; else it writes 0 there. Products use the
/// bits only if all members have written theirs. Shapes: x (rows, depth) -> bits (⌈depth/64⌉,
/// capacity), int64; listed (capacity), int64.
struct Nonzero {
  int64_t group = 1;     ///< rows that a product computes together
  uint8_t zero = 0;      ///< the byte that stands for 0, if x holds bytes
  int64_t capacity = 0;  ///< the largest number of rows
  static constexpr std::string_view kName = "nonzero";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("group", self.group); }
  friend bool operator==(const Nonzero&, const Nonzero&) = default;
};

/// The same bits, transposed; in = {bits, listed} of a Nonzero, out = {bits}.
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
