#include "cornu/losses/mean_squared_logarithmic_error.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::squared_logarithmic_error, {},
                        TargetDomain::not_negative)) {}

}  // namespace cornu::inline v0
