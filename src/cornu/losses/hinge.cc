#include "cornu/losses/hinge.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

Hinge::Hinge(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::hinge, {}, TargetDomain::signs)) {}

}  // namespace cornu::inline v0
