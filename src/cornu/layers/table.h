#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

/// An option's name in files of older versions of Keras, and its name today.
struct OldName {
  std::string_view old, today;
};

/// One line of the table of layers.
struct LayerEntry {
  std::string_view type;  ///< Keras's class name
  std::vector<std::string> (*fields)();
  Layer (*make)(const Value::Map& config, const std::string& where);
  std::span<const OldName> old_names = {};
};
CORNU_API std::span<const LayerEntry> layer_table();

/// The line of the layer with this Keras name (same_name), null for an unknown name.
CORNU_API const LayerEntry* find_layer(std::string_view type);

/// The same, but an Error for an unknown name: it lists known names, nearest first, or, for a layer
/// that only Keras has, names the nearest one of Cornu.
CORNU_API const LayerEntry& layer_entry(std::string_view type);

/// The classes of the layers that may be the activation of another: ReLU, LeakyReLU, …
CORNU_API std::span<const std::string_view> layers_as_activations();

/// Error, with the nearest layer of Cornu, for the name of a layer that only Keras has.
CORNU_API void refuse_absent_layer(std::string_view type);

/// A layer from its name, as above, and its options. Error for an unknown option too.
CORNU_API Layer make_layer(std::string_view type, const Value::Map& config);

}  // namespace cornu::inline v0
