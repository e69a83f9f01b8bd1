#include "cornu/ops/encode.h"

#include <vector>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Decode&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const OneHot& x, const Builder& b, const Slots& in) {
  const auto labels = b.slot(in[0]).shape.extents();
  std::vector<int64_t> extents(labels.begin(), labels.end());
  extents.push_back(x.classes);
  return {{Shape(extents), b.real()}};
}

}  // namespace cornu::inline v0::ops
