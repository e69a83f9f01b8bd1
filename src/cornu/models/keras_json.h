#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cornu/models/custom_objects.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0 {

/// Options for making a network that Keras describes.
struct KerasJsonOptions {
  /// The shape of one sample, for a Sequential without one and for inputs with an axis of None;
  /// otherwise that of the network is used.
  std::optional<Shape> sample = {};
  uint64_t seed = 0;                  ///< of weights, shuffles and dropout
  std::string where = "Keras JSON";   ///< the name of the text in errors, usually a file
  CustomObjects custom_objects = {};  ///< user-defined layers by their class names
};

/// The network that Keras 3's or tf.keras 2's model.to_json() describes, with new weights and not
/// compiled. Entries that change nothing are ignored (dtypes of float32, seeds of layers, options
/// that are None). Named inputs and outputs come in order of their names, as Keras orders them;
/// x * 2 and the like become a Rescaling; a fixed batch size is ignored. Error, which names the
/// layer and the nearest known name, for a layer, an option or a call that Cornu does not have.
CORNU_API Model model_from_json(std::string_view json, const KerasJsonOptions& options = {});

}  // namespace cornu::inline v0
