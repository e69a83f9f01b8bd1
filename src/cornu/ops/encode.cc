#include "cornu/ops/encode.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Decode&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const OneHot& x, const Builder& b, const Slots& in) {
  const Slot& labels = b.slot(in[0]);
  if (labels.shape.ndim() != 1) {
    throw Error({.where = b.scope_name().empty() ? "targets" : b.scope_name(),
                 .expected = "one label per sample, shape (None,)",
                 .found = labels.shape.str()});
  }
  return {{Shape{x.classes}.with_rows(), b.real()}};
}

}  // namespace cornu::inline v0::ops
