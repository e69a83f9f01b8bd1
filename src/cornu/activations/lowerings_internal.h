#pragma once

#include "cornu/ops/builder.h"

// All activations. Each is lowered by the function of its name, in the file of that name.
#define CORNU_ACTIVATIONS(each)                                                           \
  each(linear) each(sigmoid) each(tanh) each(relu) each(relu6) each(leaky_relu) each(elu) \
      each(selu) each(gelu) each(silu) each(softplus) each(softsign) each(hard_sigmoid)   \
          each(exponential) each(mish) each(softmax) each(log_softmax)

namespace cornu::inline v0::activations {

using ops::Function;

#define CORNU_DECLARE(name) SlotId name(Builder& b, SlotId x);
CORNU_ACTIVATIONS(CORNU_DECLARE)
#undef CORNU_DECLARE

inline SlotId pointwise(Builder& b, Function function, SlotId x) {
  return b.emit_one(ops::Pointwise{function}, {x});
}

}  // namespace cornu::inline v0::activations
