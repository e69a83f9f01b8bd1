#pragma once

#include <string>
#include <vector>

#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// What Keras's file says that compile() was given, as Cornu's files say it: optimizer, loss,
/// metrics and weighted_metrics, for all outputs or by the output's name. Null if the model was not
/// compiled. Taken are compile_config of a .keras file and training_config of an .h5 file, from
/// Keras 1 on. Error for a part or an option that Cornu does not have.
CORNU_API Value compile_from_keras(const Value& keras, const std::vector<std::string>& outputs);

/// The reverse: the compile_config of a .keras file.
CORNU_API Value compile_to_keras(const Value& ours, const std::vector<std::string>& outputs);

/// A training_config, as .h5 files have it, from a compile_config.
CORNU_API Value to_training_config(const Value& compile_config);

}  // namespace cornu::inline v0
