#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = x / (1 − rate) where kept, 0 where dropped (Srivastava et al. 2014, inverted). The mask is
/// a function of (seed, stream, epoch, sample, element), so its gradient is the op itself.
struct Dropout {
  float rate = 0;
  uint64_t stream = 0;
  static constexpr std::string_view kName = "dropout";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr bool kElementwise = true;
  static void visit_fields(auto& self, auto& v) { v("rate", self.rate); }
  friend bool operator==(const Dropout&, const Dropout&) = default;
};

/// The same with one draw for all elements of a channel, the last axis: (seed, stream, epoch,
/// sample, channel).
struct SpatialDropout {
  float rate = 0;
  uint64_t stream = 0;
  static constexpr std::string_view kName = "spatial_dropout";
  static constexpr Layout kLayout = Layout::samples;
  static constexpr bool kElementwise = true;
  static void visit_fields(auto& self, auto& v) { v("rate", self.rate); }
  friend bool operator==(const SpatialDropout&, const SpatialDropout&) = default;
};

Outputs outputs(const Dropout&, const Builder&, const Slots& in);
inline double flops(const Dropout&, const Op&, const Sizes& size) {
  return size.out[0];
}
void gradient(const Dropout&, const Op&, Builder&);

Outputs outputs(const SpatialDropout&, const Builder&, const Slots& in);
inline double flops(const SpatialDropout&, const Op&, const Sizes& size) {
  return size.out[0];
}
void gradient(const SpatialDropout&, const Op&, Builder&);

}  // namespace cornu::inline v0::ops
