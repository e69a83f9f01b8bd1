#pragma once

#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// tf.keras 2 took names with slashes, "block1/dense", which Keras 3 refuses and Cornu has between
/// a layer and its weight. They get underscores, in a network and in what compile() was given.
void remove_slashes_from_names(Value& network, Value& compile);

}  // namespace cornu::inline v0
