#include "cornu/ops/depthwise.h"

#include <string>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

Share images_or_all(const Op& op, size_t input) {
  return input == 0 ? share_of_samples(op) : Share::all;
}

}  // namespace

Outputs outputs(const Depthwise& d, const Builder& b, const Slots& in) {
  const Sliding& s = d.over.sliding;
  const Shape images{kRows, s.extents[0], s.extents[1], s.channels};
  const Shape kernel{d.over.num_weights()};
  const Shape& x = b.slot(in[0]).shape;
  const Shape& w = b.slot(in[1]).shape;
  if (!(x == images) || !(w == kernel)) {
    throw Error({.where = b.scope_name(),
                 .what = "input does not fit the kernel",
                 .expected = "images " + images.str() + " and a kernel " + kernel.str(),
                 .found = x.str() + " and " + w.str()});
  }
  return {{Shape{kRows, s.places(0), s.places(1), d.over.filters()}, b.real()}};
}

Outputs outputs(const DepthwiseBack& d, const Builder& b, const Slots&) {
  const Sliding& s = d.over.sliding;
  return {{Shape{kRows, s.extents[0], s.extents[1], s.channels}, b.real()}};
}

Outputs outputs(const DepthwiseKernel& d, const Builder& b, const Slots&) {
  return {{Shape{d.over.num_weights()}, b.real()}};
}

void gradient(const Depthwise& d, const Op& op, Builder& b) {
  const SlotId x = op.in[0];
  const SlotId w = op.in[1];
  const SlotId start = op.in[2];
  const SlotId dy = b.gradient(op.out[0]);
  b.add(b.gradient(w), DepthwiseKernel{d.over}, {x, dy});
  if (start != kNone) b.add(b.gradient(start), SumRows{}, {dy});
  b.add(b.gradient(x), DepthwiseBack{d.over}, {dy, w});
}

Share reads(const Depthwise&, const Op& op, size_t input) {
  return images_or_all(op, input);
}

Share reads(const DepthwiseBack&, const Op& op, size_t input) {
  return images_or_all(op, input);
}

}  // namespace cornu::inline v0::ops
