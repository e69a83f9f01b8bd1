#include "cornu/losses/mean_absolute_error.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

MeanAbsoluteError::MeanAbsoluteError(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::absolute_error)) {}

}  // namespace cornu::inline v0
