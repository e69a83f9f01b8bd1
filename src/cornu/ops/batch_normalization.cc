#include "cornu/ops/batch_normalization.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

Output column_of(const Builder& b, SlotId x) {
  return {Shape{b.slot(x).shape.back()}, b.real()};
}

// A member that writes a column reads that column of every input.
Share columns(const Op& op) {
  return op.split == Split::one ? Share::all : Share::last_axis;
}

// Inputs with one number per column: where members split the lines, each reads all of them.
Share beside(const Op& op, bool is_column) {
  if (!is_column) return written_share(op);
  return op.split == Split::last_axis ? Share::last_axis : Share::all;
}

}  // namespace

Outputs outputs(const ColumnMoments&, const Builder& b, const Slots& in) {
  return {column_of(b, in[0]), column_of(b, in[0])};
}
Outputs outputs(const MovingStatistics&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}
Outputs outputs(const ColumnScale&, const Builder& b, const Slots& in) {
  return {column_of(b, in[0]), column_of(b, in[0])};
}
Outputs outputs(const Normalize&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}
Outputs outputs(const ScaleColumns&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}
Outputs outputs(const ColumnProducts&, const Builder& b, const Slots& in) {
  return {column_of(b, in[0]), column_of(b, in[0])};
}
Outputs outputs(const NormalizeBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[1]).shape, b.real()}};
}

void gradient(const Normalize& x, const Op& op, Builder& b) {
  const SlotId dy = b.gradient(op.out[0]);
  const SlotId gamma = op.in[4];
  const SlotId beta = op.in[5];
  const Slots sums = b.back(ColumnProducts{x.epsilon}, {dy, op.in[0], op.in[1], op.in[2]});
  b.add(b.gradient(op.in[0]), NormalizeBack{x.epsilon},
        {dy, op.in[0], op.in[1], op.in[2], gamma, sums[0], sums[1]});
  if (gamma != kNone) b.add(b.gradient(gamma), Affine{}, {sums[1]});
  if (beta != kNone) b.add(b.gradient(beta), Affine{}, {sums[0]});
}

void gradient(const ScaleColumns&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), ScaleColumns{}, {b.gradient(op.out[0]), op.in[1], kNone});
}

Share reads(const ColumnMoments&, const Op& op, size_t) {
  return columns(op);
}
Share reads(const Normalize&, const Op& op, size_t input) {
  return beside(op, input > 0);
}
Share reads(const ScaleColumns&, const Op& op, size_t input) {
  return beside(op, input > 0);
}
Share reads(const ColumnProducts&, const Op& op, size_t) {
  return columns(op);
}
Share reads(const NormalizeBack&, const Op& op, size_t input) {
  return beside(op, input > 1);
}

}  // namespace cornu::inline v0::ops
