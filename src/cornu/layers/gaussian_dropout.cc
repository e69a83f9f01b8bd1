#include "cornu/layers/gaussian_dropout.h"

#include <cmath>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class GaussianDropoutDescription final : public LayerWith<GaussianDropoutOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return GaussianDropout::kType; }
  Slots lower(Builder& b, Slots x, Mode mode) const override {
    if (mode != Mode::training || !(options.rate > 0)) return x;
    const double stddev = std::sqrt(options.rate / (1 - options.rate));
    const SlotId noise = b.emit_one(ops::Noise{1, stddev, b.stream(options.seed)}, x);
    return b.emit(ops::Combine{ops::Combination::multiply}, {x[0], noise});
  }
};

GaussianDropoutOptions checked(GaussianDropoutOptions options) {
  require<GaussianDropout>(options.rate >= 0 && options.rate < 1, options, "rate", "0 <= rate < 1",
                           shortest(options.rate));
  return options;
}

}  // namespace

GaussianDropout::GaussianDropout(GaussianDropoutOptions options)
    : Layer(std::make_shared<GaussianDropoutDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
