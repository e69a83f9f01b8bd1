#include "cornu/regularizers/l1_l2.h"

#include <cmath>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

template <class R>
class L1L2Description final : public RegularizerDescription {
 public:
  explicit L1L2Description(typename R::Options given) : options_(given) {
    for (const auto& [field, factor] : config()) {
      if (factor.as_double() >= 0 && std::isfinite(factor.as_double())) continue;
      throw Error({.where = std::string(R::kName),
                   .field = field,
                   .expected = field + " of 0 or more",
                   .found = shortest(factor.as_double())});
    }
  }
  std::string_view name() const override { return R::kName; }
  Value::Map config() const override { return fields_to_map(options_); }
  SlotId lower(Builder& b, SlotId weight) const override {
    ops::Penalty penalty;
    if constexpr (requires { options_.l1; }) penalty.l1 = options_.l1;
    if constexpr (requires { options_.l2; }) penalty.l2 = options_.l2;
    return b.emit_one(penalty, {weight});
  }

 private:
  typename R::Options options_;
};

}  // namespace

L1::L1(L1Options options) : Regularizer(std::make_shared<L1L2Description<L1>>(options)) {}
L2::L2(L2Options options) : Regularizer(std::make_shared<L1L2Description<L2>>(options)) {}
L1L2::L1L2(L1L2Options options) : Regularizer(std::make_shared<L1L2Description<L1L2>>(options)) {}

}  // namespace cornu::inline v0
