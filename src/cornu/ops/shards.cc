#include "cornu/ops/shards.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const SumShards&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

static Outputs as_inputs(const Builder& b, const Slots& in) {
  Outputs all;
  for (const SlotId id : in) all.push_back({b.slot(id).shape, b.slot(id).dtype});
  return all;
}
Outputs outputs(const SendSlices&, const Builder& b, const Slots& in) {
  return as_inputs(b, in);
}
Outputs outputs(const SumSlices&, const Builder& b, const Slots& in) {
  return as_inputs(b, in);
}
Outputs outputs(const SpreadSlices&, const Builder& b, const Slots& in) {
  return as_inputs(b, in);
}
Outputs outputs(const GatherShards&, const Builder& b, const Slots& in) {
  return as_inputs(b, in);
}

Outputs outputs(const MergeMoments&, const Builder& b, const Slots& in) {
  const Shape& columns = b.slot(in[0]).shape;
  return {{columns, b.real()}, {columns, b.real()}};
}

}  // namespace cornu::inline v0::ops
