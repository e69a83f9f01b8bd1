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

/// A layer from its Keras class name, or that name in snake_case, and its options. Error with the
/// names nearest first for an unknown layer or option.
CORNU_API Layer make_layer(std::string_view type, const Value::Map& config);

/// Error, with what is nearest, where Keras has a layer of either of those names and Cornu has not.
CORNU_API void refuse_absent_layer(std::string_view type);

/// The table's line of a layer under either of its names. Error as above.
CORNU_API const LayerEntry& layer_entry(std::string_view type);

}  // namespace cornu::inline v0
