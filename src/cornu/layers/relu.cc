#include "cornu/layers/relu.h"

#include <limits>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

double most(const ReLUOptions& options) {
  return options.max_value.value_or(std::numeric_limits<double>::infinity());
}

class ReLUDescription final : public LayerWith<ReLUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return ReLU::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const bool is_plain =
        !options.max_value && options.negative_slope == 0 && options.threshold == 0;
    if (is_plain) return b.emit(ops::Pointwise{ops::Function::relu}, x);
    return b.emit(ops::Pointwise{{ops::Function::rectifier, options.negative_slope,
                                  options.threshold, most(options)}},
                  x);
  }
};

ReLUOptions checked(ReLUOptions options) {
  require<ReLU>(options.negative_slope >= 0, options, "negative_slope",
                "negative_slope of 0 or more", shortest(options.negative_slope));
  require<ReLU>(options.threshold >= 0, options, "threshold", "threshold of 0 or more",
                shortest(options.threshold));
  require<ReLU>(most(options) > options.threshold, options, "max_value",
                "max_value above threshold", shortest(most(options)));
  return options;
}

}  // namespace

ReLU::ReLU(ReLUOptions options)
    : Layer(std::make_shared<ReLUDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
