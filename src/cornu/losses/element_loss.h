#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The loss that is the mean or the sum of a function along the last axis.
Loss element_loss(std::string_view name, ops::LossFunction function, Value::Map config = {},
                  TargetDomain domain = TargetDomain::any);

/// The loss that is one op on outputs and targets of one shape.
Loss loss_of(std::string_view name, What op, TargetDomain domain = TargetDomain::any);

}  // namespace cornu::inline v0
