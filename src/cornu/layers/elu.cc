#include "cornu/layers/elu.h"

#include <cmath>
#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class ELUDescription final : public LayerWith<ELUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return ELU::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Pointwise{{ops::Function::elu, options.alpha, 1}}, x);
  }
};

ELUOptions checked(ELUOptions options) {
  require<ELU>(options.alpha > 0 && std::isfinite(options.alpha), options, "alpha", "alpha > 0",
               shortest(options.alpha));
  return options;
}

}  // namespace

ELU::ELU(ELUOptions options)
    : Layer(std::make_shared<ELUDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
