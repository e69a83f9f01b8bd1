#include "cornu/losses/squared_hinge.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

SquaredHinge::SquaredHinge(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::squared_hinge, {}, TargetDomain::signs)) {}

}  // namespace cornu::inline v0
