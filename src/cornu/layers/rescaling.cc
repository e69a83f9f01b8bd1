#include "cornu/layers/rescaling.h"

#include <cmath>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class RescalingDescription final : public LayerWith<RescalingOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Rescaling::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Affine{options.scale, options.offset}, x);
  }
};

RescalingOptions checked(RescalingOptions options) {
  require<Rescaling>(std::isfinite(options.scale), options, "scale", "a finite scale",
                     shortest(options.scale));
  require<Rescaling>(std::isfinite(options.offset), options, "offset", "a finite offset",
                     shortest(options.offset));
  return options;
}

}  // namespace

Rescaling::Rescaling(RescalingOptions options)
    : Layer(std::make_shared<RescalingDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
