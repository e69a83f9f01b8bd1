#pragma once

#include <string>

#include "cornu/models/custom_objects.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

struct LoadOptions {
  /// Whether the model is compiled as it was when it was saved. Without, it predicts, and can be
  /// compiled anew; losses, metrics and optimizers of the file are not looked at.
  bool compile = true;
  /// What makes the file's user-defined parts: {.losses = {{"mixed_error", MixedError(0.25)}}}.
  CustomObjects custom_objects = {};
};

/// The model that Model::save wrote, of any structure, compiled if it was compiled then: ready to
/// predict, evaluate and fit. Error for a file that is missing, damaged or no model of Cornu's,
/// which says what it is instead, and for user-defined parts that are not among the options.
CORNU_API Model load_model(const std::string& path, const LoadOptions& options = {});

}  // namespace cornu::inline v0
