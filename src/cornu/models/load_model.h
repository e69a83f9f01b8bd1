#pragma once

#include <string>

#include "cornu/models/custom_objects.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

struct LoadOptions {
  /// Whether the model is compiled as it was when it was saved. If not, it can predict and be
  /// compiled anew; the losses, metrics and optimizer of the file are ignored.
  bool compile = true;
  /// The file's user-defined parts: {.losses = {{"mixed_error", MixedError(0.25)}}}.
  CustomObjects custom_objects = {};
  /// Whether the sample in the file is predicted and compared with the prediction of the model that
  /// was saved.
  bool check_sample = true;
};

/// The model that Model::save wrote, of any structure, compiled if it was compiled then: ready to
/// predict, evaluate and fit. Error for a file that is missing or damaged, for one of another kind,
/// which it names, and for user-defined parts that are not among the options.
CORNU_API Model load_model(const std::string& path, const LoadOptions& options = {});

}  // namespace cornu::inline v0
