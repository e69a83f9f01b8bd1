#pragma once

#include "cornu/core/source.h"
#include "cornu/core/tensor.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// Error, which names the sample, if an output in `y` of this batch is NaN and an input of its
/// sample is not finite. Inputs are read only when an output is NaN.
void refuse_not_a_number(TensorView y, const Batch& batch, const Plan& plan);

}  // namespace cornu::inline v0
