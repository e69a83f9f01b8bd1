#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = x / (1 − rate) where kept, 0 where dropped (Srivastava et al. 2014, inverted). The mask is
/// a function of (seed, stream, epoch, sample, element), so its gradient is the op itself.
struct Dropout {
  float rate = 0;
  uint64_t stream = 0;
  static constexpr std::string_view kName = "dropout";
  static constexpr bool kElementwise = true;
  static void visit_fields(auto& self, auto& v) { v("rate", self.rate); }
  friend bool operator==(const Dropout&, const Dropout&) = default;
};

Outputs outputs(const Dropout&, const Builder&, const Slots& in);
inline double flops(const Dropout&, const Op&, const Sizes& size) {
  return size.out[0];
}
void gradient(const Dropout&, const Op&, Builder&);

}  // namespace cornu::inline v0::ops
