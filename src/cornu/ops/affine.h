#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = x · scale + offset, one fma per element. Any shape.
struct Affine {
  double scale = 1;
  double offset = 0;
  static constexpr std::string_view kName = "affine";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr bool kElementwise = true;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) {
    v("scale", self.scale);
    v("offset", self.offset);
  }
  friend bool operator==(const Affine&, const Affine&) = default;
};

Outputs outputs(const Affine&, const Builder&, const Slots& in);
inline double flops(const Affine&, const Op&, const Sizes& size) {
  return 2 * size.out[0];
}
void gradient(const Affine&, const Op&, Builder&);

}  // namespace cornu::inline v0::ops
