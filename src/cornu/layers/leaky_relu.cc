#include "cornu/layers/leaky_relu.h"

#include <cmath>
#include <limits>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class LeakyReLUDescription final : public LayerWith<LeakyReLUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return LeakyReLU::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Pointwise{{ops::Function::rectifier, options.negative_slope, 0,
                                  std::numeric_limits<double>::infinity()}},
                  x);
  }
};

LeakyReLUOptions checked(LeakyReLUOptions options) {
  require<LeakyReLU>(options.negative_slope >= 0 && std::isfinite(options.negative_slope), options,
                     "negative_slope", "negative_slope of 0 or more",
                     shortest(options.negative_slope));
  return options;
}

}  // namespace

LeakyReLU::LeakyReLU(LeakyReLUOptions options)
    : Layer(std::make_shared<LeakyReLUDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
