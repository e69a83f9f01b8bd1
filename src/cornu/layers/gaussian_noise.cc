#include "cornu/layers/gaussian_noise.h"

#include <cmath>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class GaussianNoiseDescription final : public LayerWith<GaussianNoiseOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return GaussianNoise::kType; }
  Slots lower(Builder& b, Slots x, Mode mode) const override {
    if (mode != Mode::training || !(options.stddev > 0)) return x;
    const SlotId noise = b.emit_one(ops::Noise{0, options.stddev, b.stream(options.seed)}, x);
    return b.emit(ops::Combine{ops::Combination::add}, {x[0], noise});
  }
};

GaussianNoiseOptions checked(GaussianNoiseOptions options) {
  require<GaussianNoise>(options.stddev >= 0 && std::isfinite(options.stddev), options, "stddev",
                         "stddev of 0 or more", shortest(options.stddev));
  return options;
}

}  // namespace

GaussianNoise::GaussianNoise(GaussianNoiseOptions options)
    : Layer(std::make_shared<GaussianNoiseDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
