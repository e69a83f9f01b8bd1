#include "cornu/layers/dropout.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class DropoutDescription final : public LayerWith<DropoutOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Dropout::kType; }
  Slots lower(Builder& b, Slots x, Mode mode) const override {
    if (mode != Mode::training || !(options.rate > 0)) return x;
    return b.emit(ops::Dropout{options.rate, b.stream(options.seed)}, x);
  }
};

DropoutOptions checked(DropoutOptions options) {
  require<Dropout>(options.rate >= 0 && options.rate < 1, options, "rate", "0 <= rate < 1",
                   shortest(static_cast<double>(options.rate)),
                   "rate is the fraction that is dropped");
  return options;
}

}  // namespace

Dropout::Dropout(DropoutOptions options)
    : Layer(std::make_shared<DropoutDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
