// The pass that exchanges the derivative of an activation and the gradient of max pooling.

#include <utility>

#include "cornu/plan/passes.h"
#include "cornu/plan/uses_internal.h"

namespace cornu::inline v0 {
namespace {

// Whether g·f'(y) may be taken before or after pooling's gradient spreads g, with the same bits:
// only relu's derivative passes g on or gives +0, and rounds nothing. That of another function may
// underflow to −0, to which spreading adds 0, and gives NaN where y is NaN and g is 0.
bool passes_on_or_stops(const ops::Function& f) {
  return f.kind == ops::Function::relu;
}

/// Both ops, and the pooling whose places the spreading one reads.
struct Found {
  size_t spread, derive;
  SlotId pooled;
};

class Finder {
 public:
  explicit Finder(const Plan& plan) : plan_(plan), uses_(plan) {}

  /// f(found) for each derivative that may be taken of the pooled gradient instead.
  template <class F>
  void for_each(const F& f) const {
    for (size_t i = 0; i < plan_.ops.size(); ++i) {
      const Op& derive = plan_.ops[i];
      const auto* back = std::get_if<ops::PointwiseBack>(&derive.what);
      if (back == nullptr || !passes_on_or_stops(back->function) || derive.accumulate) continue;
      const SlotId spread = derive.in[1];
      if (!uses_.only_for(spread, i)) continue;
      const size_t at = uses_.writers(spread)[0];
      const Op& spreading = plan_.ops[at];
      if (!std::holds_alternative<ops::MaxPoolBack>(spreading.what) || spreading.accumulate) {
        continue;
      }
      const SlotId pooled = pooled_of(derive.in[0], spreading.in[1]);
      const bool fits = pooled != kNone && same_shape(spreading.out[0], spread) &&
                        same_shape(spreading.in[0], pooled);
      if (fits) f({at, i, pooled});
    }
  }

 private:
  bool same_shape(SlotId a, SlotId b) const { return plan_.slot(a).shape == plan_.slot(b).shape; }

  // What the pooling that wrote `places` made of y, if it pooled y.
  SlotId pooled_of(SlotId y, SlotId places) const {
    if (uses_.writers(places).size() != 1 || uses_.writers(y).size() != 1) return kNone;
    const Op& pooling = plan_.ops[uses_.writers(places)[0]];
    const bool is_of_y = std::holds_alternative<ops::MaxPool>(pooling.what) &&
                         plan_.base(pooling.in[0]) == plan_.base(y) &&
                         same_shape(pooling.in[0], y) && uses_.writers(pooling.out[0]).size() == 1;
    return is_of_y ? pooling.out[0] : kNone;
  }

  const Plan& plan_;
  const Uses uses_;
};

}  // namespace

void derive_pooled(Plan& plan) {
  std::vector<Found> all;
  Finder(plan).for_each([&](const Found& found) { all.push_back(found); });
  for (const Found& found : all) {
    Op& spread = plan.ops[found.spread];
    Op& derive = plan.ops[found.derive];
    const SlotId derived = derive.out[0];
    Slot slot = plan.slot(plan.base(derived));
    slot.shape = plan.slot(found.pooled).shape;
    plan.slots.push_back(std::move(slot));
    const auto pooled_gradient = static_cast<SlotId>(plan.slots.size() - 1);
    derive.in = {found.pooled, spread.in[0]};
    derive.out = {pooled_gradient};
    spread.in[0] = pooled_gradient;
    spread.out = {derived};
    std::swap(spread, derive);
  }
}

}  // namespace cornu::inline v0
