#pragma once

#include <string>

#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// Whether a path names a file of Keras's: .keras, .h5, .hdf5.
bool is_keras_name(const std::string& path);

/// Writes a model as Keras does, with its optimizer's state. Error for a path that ends in
/// .weights.h5, as files of weights do.
void save_as_keras(const Model& model, const std::string& path);

}  // namespace cornu::inline v0
