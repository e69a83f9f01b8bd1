#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// penalty = l1·Σ|w| + l2·Σw² of a weight, summed in float64 over sixteen lanes; in = {w} -> (1).
struct Penalty {
  double l1 = 0;
  double l2 = 0;
  static constexpr std::string_view kName = "penalty";
  static void visit_fields(auto& self, auto& v) {
    v("l1", self.l1);
    v("l2", self.l2);
  }
  friend bool operator==(const Penalty&, const Penalty&) = default;
};

/// dw = dpenalty·(l1·sign(w) + 2·l2·w), sign(0) = 0; in = {dpenalty, w}.
struct PenaltyBack {
  double l1 = 0;
  double l2 = 0;
  static constexpr std::string_view kName = "penalty_back";
  static void visit_fields(auto& self, auto& v) {
    v("l1", self.l1);
    v("l2", self.l2);
  }
  friend bool operator==(const PenaltyBack&, const PenaltyBack&) = default;
};

Outputs outputs(const Penalty&, const Builder&, const Slots& in);
Outputs outputs(const PenaltyBack&, const Builder&, const Slots& in);
inline double flops(const Penalty&, const Op&, const Sizes& size) {
  return 4 * size.in[0];
}
inline double flops(const PenaltyBack&, const Op&, const Sizes& size) {
  return 4 * size.in[1];
}
void gradient(const Penalty&, const Op&, Builder&);
inline void gradient(const PenaltyBack&, const Op&, Builder&) {}
inline Share reads(const Penalty&, const Op&, size_t) {
  return Share::all;
}
inline Share reads(const PenaltyBack&, const Op& op, size_t input) {
  return input == 1 ? written_share(op) : Share::all;
}

}  // namespace cornu::inline v0::ops
