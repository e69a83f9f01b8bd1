#include "cornu/ops/convolution.h"

#include <string>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Value to_value(const PerAxis& x) {
  return Value::List{x[0], x[1]};
}

Outputs outputs(const Convolution& c, const Builder& b, const Slots& in) {
  const Sliding& s = c.sliding;
  const Shape images{kRows, s.extents[0], s.extents[1], s.channels};
  const Shape& x = b.slot(in[0]).shape;
  const Shape& w = b.slot(in[1]).shape;
  if (!(x == images) || w[0] != s.depth() || w[1] % s.groups != 0) {
    throw Error({.where = b.scope_name(),
                 .what = "input does not fit the kernel",
                 .expected = "images " + images.str() + " for a kernel " + w.str(),
                 .found = x.str()});
  }
  return {{Shape{kRows, s.places(0), s.places(1), w[1]}, b.real()}};
}

Outputs outputs(const TurnKernel& t, const Builder& b, const Slots& in) {
  const Shape& w = b.slot(in[0]).shape;
  return {{Shape{t.pixels * w[1], w[0] / t.pixels}, b.real()}};
}

Outputs outputs(const ConvolutionBack& c, const Builder& b, const Slots&) {
  const Sliding& s = c.sliding;
  return {{Shape{kRows, s.extents[0], s.extents[1], s.channels}, b.real()}};
}

Outputs outputs(const ConvolutionKernel& c, const Builder& b, const Slots& in) {
  return {{Shape{c.sliding.depth(), b.slot(in[1]).shape.back()}, b.real()}};
}

void gradient(const Convolution& c, const Op& op, Builder& b) {
  const SlotId x = op.in[0];
  const SlotId w = op.in[1];
  const SlotId start = op.in[2];
  const SlotId dy = b.gradient(op.out[0]);
  b.add(b.gradient(w), ConvolutionKernel{c.sliding}, {x, dy});
  if (start != kNone) b.add(b.gradient(start), SumRows{}, {dy});
  const Slots turned =
      b.back(TurnKernel{.pixels = c.sliding.pixels(), .groups = c.sliding.groups}, {w});
  b.add(b.gradient(x), ConvolutionBack{c.sliding}, {dy, turned[0]});
}

Share reads(const Convolution&, const Op& op, size_t input) {
  return input == 0 ? share_of_samples(op) : Share::all;
}

Share reads(const ConvolutionBack&, const Op& op, size_t input) {
  return input == 0 ? share_of_samples(op) : Share::all;
}

// Zeros are counted in all of dy.
Share reads(const ConvolutionKernel&, const Op& op, size_t input) {
  const bool by_filters = op.split == Split::last_axis && !op.fused.skips_zeros;
  return input == 1 && by_filters ? Share::last_axis : Share::all;
}

}  // namespace cornu::inline v0::ops
