#include "cornu/losses/mean_squared_error.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

MeanSquaredError::MeanSquaredError(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::squared_error)) {}

}  // namespace cornu::inline v0
