#pragma once

#include <string>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

/// The model that Model::save wrote, of any shape, compiled as it was when it was: ready to
/// predict, evaluate and fit. Error for a file that is missing, damaged or no model of Cornu's.
CORNU_API Model load_model(const std::string& path);

}  // namespace cornu::inline v0
