#include "cornu/losses/kl_divergence.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

KLDivergence::KLDivergence(NoLossOptions)
    : Loss(element_loss(kName, ops::LossFunction::kl_divergence, {}, TargetDomain::unit)) {}

}  // namespace cornu::inline v0
