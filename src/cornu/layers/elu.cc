#include "cornu/layers/elu.h"

#include <cmath>
#include <utility>

namespace cornu::inline v0 {
namespace {

class ELUDescription final : public LayerWith<ELUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return ELU::kType; }

  Shapes output_shapes(const Shapes& x, const std::string&) const override { return x; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Pointwise{{ops::Function::elu, options.alpha, 1}}, x);
  }
};

ELUOptions checked(ELUOptions options) {
  const auto require = [&](bool holds, const char* field, const char* expected, double found) {
    if (holds) return;
    throw Error({.where = std::string(ELU::kType) +
                          (options.name.empty() ? "" : " \"" + options.name + "\""),
                 .field = field,
                 .expected = expected,
                 .found = shortest(found)});
  };
  require(options.alpha > 0 && std::isfinite(options.alpha), "alpha", "alpha > 0", options.alpha);
  return options;
}

}  // namespace

ELU::ELU(ELUOptions options)
    : Layer(std::make_shared<ELUDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
