#include "cornu/layers/rescaling.h"

#include <cmath>
#include <utility>

namespace cornu::inline v0 {
namespace {

class RescalingDescription final : public LayerWith<RescalingOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Rescaling::kType; }

  Shapes output_shapes(const Shapes& x, const std::string&) const override { return x; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Affine{options.scale, options.offset}, x);
  }
};

RescalingOptions checked(RescalingOptions options) {
  const auto require = [&](bool holds, const char* field, const char* expected, double found) {
    if (holds) return;
    throw Error({.where = std::string(Rescaling::kType) +
                          (options.name.empty() ? "" : " \"" + options.name + "\""),
                 .field = field,
                 .expected = expected,
                 .found = shortest(found)});
  };
  require(std::isfinite(options.scale), "scale", "a finite scale", options.scale);
  require(std::isfinite(options.offset), "offset", "a finite offset", options.offset);
  return options;
}

}  // namespace

Rescaling::Rescaling(RescalingOptions options)
    : Layer(std::make_shared<RescalingDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
