#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = mean + stddev·z, z standard normal: a function of (seed, stream, epoch, sample, element); in
/// = {x}, for its shape alone. Shapes: (rows, …) -> the same. x gets no gradient.
struct Noise {
  double mean = 0;
  double stddev = 0;
  uint64_t stream = 0;
  static constexpr std::string_view kName = "noise";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("mean", self.mean);
    v("stddev", self.stddev);
  }
  friend bool operator==(const Noise&, const Noise&) = default;
};

Outputs outputs(const Noise&, const Builder&, const Slots& in);
inline double flops(const Noise&, const Op&, const Sizes& size) {
  return 60 * size.out[0];
}
inline void gradient(const Noise&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
