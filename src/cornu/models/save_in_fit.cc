#include "cornu/models/model.h"
#include "cornu/training/callback.h"

namespace cornu::inline v0 {

// Defined here, so that only programs that save in a callback link what writes files.
void Training::save(const std::string& path) const {
  whole().save(path);
}

void Training::save_weights(const std::string& path) const {
  whole().save_weights(path);
}

}  // namespace cornu::inline v0
