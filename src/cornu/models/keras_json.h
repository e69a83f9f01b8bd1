#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

/// How a network that Keras describes is made.
struct KerasJsonOptions {
  /// Of one sample, for a Sequential that does not say; else the network's own is taken.
  std::optional<Shape> sample = {};
  uint64_t seed = 0;                 ///< of weights, shuffles and dropout
  std::string where = "Keras JSON";  ///< what errors call the text: a file's name
};

/// The network that Keras 3's model.to_json() describes, with new weights and not compiled. What
/// Keras writes and changes nothing is passed over (dtypes of float32, seeds of layers, options
/// that are None). Error, with what is nearest, for a layer or an option that Cornu has not.
CORNU_API Model model_from_json(std::string_view json, const KerasJsonOptions& options = {});

}  // namespace cornu::inline v0
