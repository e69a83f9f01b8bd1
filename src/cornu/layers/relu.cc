#include "cornu/layers/relu.h"

#include <limits>
#include <utility>

namespace cornu::inline v0 {
namespace {

double most(const ReLUOptions& options) {
  return options.max_value.value_or(std::numeric_limits<double>::infinity());
}

class ReLUDescription final : public LayerWith<ReLUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return ReLU::kType; }

  Shapes output_shapes(const Shapes& x, const std::string&) const override { return x; }
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
  const auto require = [&](bool holds, const char* field, const char* expected, double found) {
    if (holds) return;
    throw Error({.where = std::string(ReLU::kType) +
                          (options.name.empty() ? "" : " \"" + options.name + "\""),
                 .field = field,
                 .expected = expected,
                 .found = shortest(found)});
  };
  require(options.negative_slope >= 0, "negative_slope", "negative_slope of 0 or more",
          options.negative_slope);
  require(options.threshold >= 0, "threshold", "threshold of 0 or more", options.threshold);
  require(most(options) > options.threshold, "max_value", "max_value above threshold",
          most(options));
  return options;
}

}  // namespace

ReLU::ReLU(ReLUOptions options)
    : Layer(std::make_shared<ReLUDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
