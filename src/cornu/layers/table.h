#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

/// One line of the table of layers.
struct LayerEntry {
  std::string_view type;  ///< Keras's class name
  std::vector<std::string> (*fields)();
  Layer (*make)(const Value::Map& config, const std::string& where);
};
CORNU_API std::span<const LayerEntry> layer_table();

/// The line of a layer under Keras's name for it (same_name), null for an unknown one.
CORNU_API const LayerEntry* find_layer(std::string_view type);

/// The same, or an Error with the names, nearest first; for a layer that Keras has and Cornu has
/// not, with the nearest of Cornu's.
CORNU_API const LayerEntry& layer_entry(std::string_view type);

/// Error, with the nearest of Cornu's, for the name of a layer that Keras has and Cornu has not.
CORNU_API void refuse_absent_layer(std::string_view type);

/// A layer from its name, as above, and its options. Error for an unknown option too.
CORNU_API Layer make_layer(std::string_view type, const Value::Map& config);

}  // namespace cornu::inline v0
