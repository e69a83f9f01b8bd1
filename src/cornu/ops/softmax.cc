#include "cornu/ops/softmax.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

Outputs along_last_axis(const Builder& b, SlotId in, const char* what) {
  const Slot& x = b.slot(in);
  if (x.shape.ndim() < 2) {
    throw Error({.where = b.scope_name(),
                 .what = std::string(what) + " runs along the last axis of each sample",
                 .expected = "inputs of shape (None, …, classes)",
                 .found = x.shape.str()});
  }
  return {{x.shape, b.real()}};
}

}  // namespace

Outputs outputs(const Softmax&, const Builder& b, const Slots& in) {
  return along_last_axis(b, in[0], "softmax");
}

Outputs outputs(const LogSoftmax&, const Builder& b, const Slots& in) {
  return along_last_axis(b, in[0], "log_softmax");
}

Outputs outputs(const LogSoftmaxBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const SoftmaxBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const Softmax&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), SoftmaxBack{}, {op.out[0], b.gradient(op.out[0])});
}

void gradient(const LogSoftmax&, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), LogSoftmaxBack{}, {op.out[0], b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
