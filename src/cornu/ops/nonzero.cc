#include "cornu/ops/nonzero.h"

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Nonzero& x, const Builder& b, const Slots& in) {
  const int64_t words = (b.slot(in[0]).shape.back() + 63) / 64;
  return {{Shape{words, x.capacity}, DType::int64}, {Shape{x.capacity}, DType::int64}};
}

Outputs outputs(const TransposeNonzero& x, const Builder& b, const Slots& in) {
  const int64_t words = (b.slot(in[0]).shape.back() + 63) / 64;
  return {{Shape{words, x.depth}, DType::int64}};
}

}  // namespace cornu::inline v0::ops
