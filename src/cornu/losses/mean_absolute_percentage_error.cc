#include "cornu/losses/mean_absolute_percentage_error.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

MeanAbsolutePercentageError::MeanAbsolutePercentageError(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::absolute_percentage_error)) {}

}  // namespace cornu::inline v0
