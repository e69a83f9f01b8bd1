#include "cornu/losses/poisson.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

Poisson::Poisson(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::poisson, {}, TargetDomain::not_negative)) {}

}  // namespace cornu::inline v0
