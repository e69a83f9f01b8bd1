#pragma once

// Sums over an axis and their opposite, and axes in another order.

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// The sum over an axis, which y does not have, one chain per element in ascending order.
/// Shapes: (…, n, …) -> (…, …). Over axis 0, the batch's, it is the gradient of a Repeat; one
/// member computes it.
struct Sum {
  int64_t axis = 1;
  static constexpr std::string_view kName = "sum";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("axis", self.axis); }
  friend bool operator==(const Sum&, const Sum&) = default;
};

/// x, `extent` times along a new axis. Shapes: (…, …) -> (…, extent, …); the new axis may be the
/// batch's, kRows at 0, for a slot without it.
struct Repeat {
  int64_t axis = 1;
  int64_t extent = 1;
  static constexpr std::string_view kName = "repeat";
  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("extent", self.extent);
  }
  friend bool operator==(const Repeat&, const Repeat&) = default;
};

/// The axes from `axis` on in another order: those from `middle` on, then those before it. Shapes:
/// (rows, …, a…, b…) -> (rows, …, b…, a…), 1 ≤ axis ≤ middle.
struct Transpose {
  int64_t axis = 1;
  int64_t middle = 2;
  static constexpr std::string_view kName = "transpose";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) {
    v("axis", self.axis);
    v("middle", self.middle);
  }
  friend bool operator==(const Transpose&, const Transpose&) = default;
};

Outputs outputs(const Sum&, const Builder&, const Slots& in);
Outputs outputs(const Repeat&, const Builder&, const Slots& in);
Outputs outputs(const Transpose&, const Builder&, const Slots& in);
inline double flops(const Sum&, const Op&, const Sizes& size) {
  return size.in[0];
}
inline double flops(const Repeat&, const Op&, const Sizes&) {
  return 0;
}
inline double flops(const Transpose&, const Op&, const Sizes&) {
  return 0;
}
void gradient(const Sum&, const Op&, Builder&);
void gradient(const Repeat&, const Op&, Builder&);
void gradient(const Transpose&, const Op&, Builder&);
inline Share reads(const Repeat& x, const Op& op, size_t) {
  return x.axis == 0 ? Share::all : written_share(op);
}

}  // namespace cornu::inline v0::ops
