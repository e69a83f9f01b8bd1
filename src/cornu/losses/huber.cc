#include "cornu/losses/huber.h"

#include <cmath>

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {
namespace {

HuberOptions checked(HuberOptions options) {
  if (std::isfinite(options.delta) && options.delta > 0) return options;
  throw Error({.where = "loss huber",
               .field = "delta",
               .expected = "delta above 0",
               .found = shortest(options.delta)});
}

}  // namespace

Huber::Huber(HuberOptions options)
    : Loss(element_loss(kName, {ops::LossFunction::huber, checked(options).delta},
                        fields_to_map(options))) {}

}  // namespace cornu::inline v0
