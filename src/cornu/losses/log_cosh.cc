#include "cornu/losses/log_cosh.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

LogCosh::LogCosh(NoLossOptions) : Loss(element_loss(kName, ops::LossFunction::log_cosh)) {}

}  // namespace cornu::inline v0
