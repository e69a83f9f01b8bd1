#include "cornu/ops/pointwise.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

// Counted as the vector kernels compute them: an exponential is about a dozen operations.
double flops_of(Function function) {
  switch (function) {
    case Function::linear:
      return 0;
    case Function::relu:
      return 1;
    case Function::sigmoid:
      return 15;
    case Function::tanh:
      return 18;
  }
  return 0;
}

}  // namespace

Outputs outputs(const Pointwise&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const PointwiseBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

double flops(const Pointwise& p, const Op&, const Sizes& size) {
  return flops_of(p.function) * size.out[0];
}

double flops(const PointwiseBack& p, const Op&, const Sizes& size) {
  return (p.function == Function::linear ? 0 : 3) * size.out[0];
}

void gradient(const Pointwise& p, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), PointwiseBack{p.function}, {op.out[0], b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
