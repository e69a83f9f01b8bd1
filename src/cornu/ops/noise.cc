#include "cornu/ops/noise.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Noise&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

}  // namespace cornu::inline v0::ops
