#pragma once

#include "cornu/core/source.h"
#include "cornu/core/tensor.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Error that names the sample of a batch, where its outputs `y` are not a number because an input
/// of `plan` is not finite. It looks at the outputs alone while they are numbers.
void refuse_not_a_number(TensorView y, const Batch& batch, const Plan& plan);

}  // namespace cornu::inline v0
