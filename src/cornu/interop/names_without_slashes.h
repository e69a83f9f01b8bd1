#pragma once

#include <map>
#include <set>
#include <string>

#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// tf.keras 2 took names with slashes, "block1/dense", which Keras 3 refuses and Cornu has between
/// a layer and its weight. Those of the names that have any, each with its new name, which has
/// underscores and is none of the others.
std::map<std::string, std::string> names_without_slashes(const std::set<std::string>& names);

/// Gives a network these names, and what compile() was given.
void remove_slashes_from_names(Value& network, Value& compile);

}  // namespace cornu::inline v0
