#include "cornu/losses/cosine_similarity.h"

#include "cornu/losses/element_loss.h"

namespace cornu::inline v0 {

CosineSimilarity::CosineSimilarity(NoLossOptions) : Loss(loss_of(kName, ops::CosineSimilarity{})) {}

}  // namespace cornu::inline v0
