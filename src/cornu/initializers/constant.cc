#include "cornu/initializers/constant.h"

#include <algorithm>
#include <cmath>

#include "cornu/initializers/initializer_with.h"

namespace cornu::inline v0 {
namespace {

template <class I>
class ConstantDescription final : public InitializerWith<I> {
 public:
  using InitializerWith<I>::InitializerWith;
  void fill(std::span<float> values, const Shape&, uint64_t) const override {
    std::ranges::fill(values, value());
  }

 private:
  float value() const {
    if constexpr (requires { this->options.value; }) {
      return static_cast<float>(this->options.value);
    }
    return std::is_same_v<I, Ones> ? 1 : 0;
  }
};

ConstantOptions checked(ConstantOptions options) {
  if (std::isfinite(options.value)) return options;
  throw Error(
      {.where = "Constant", .expected = "a finite value", .found = shortest(options.value)});
}

}  // namespace

Zeros::Zeros(NoInitializerOptions options)
    : Initializer(std::make_shared<ConstantDescription<Zeros>>(options)) {}
Ones::Ones(NoInitializerOptions options)
    : Initializer(std::make_shared<ConstantDescription<Ones>>(options)) {}
Constant::Constant(ConstantOptions options)
    : Initializer(std::make_shared<ConstantDescription<Constant>>(checked(options))) {}

}  // namespace cornu::inline v0
