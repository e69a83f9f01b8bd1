#pragma once

#include <cstdint>
#include <optional>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

/// A model of the same layers under the same names, with new weights as before training: drawn with
/// `seed`, or with the model's seed if none is given. It is not compiled. Error for a model that is
/// not built.
CORNU_API Model clone_model(const Model& model, std::optional<uint64_t> seed = {});

}  // namespace cornu::inline v0
