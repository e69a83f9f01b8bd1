#include "cornu/losses/categorical_hinge.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

CategoricalHinge::CategoricalHinge(NoLossOptions)
    : Loss(loss_of(kName, ops::CategoricalHinge{}, TargetDomain::signed_unit)) {}

}  // namespace cornu::inline v0
