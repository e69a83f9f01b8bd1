#pragma once

#include <span>
#include <string_view>

#include "cornu/core/part_table.h"
#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

using LayerEntry = PartEntry<Layer>;
template <>
CORNU_API const PartTable<Layer>& part_table<Layer>();
/// Cornu's layers.
CORNU_API std::span<const LayerEntry> layer_table();

/// The line of the layer with this Keras name (same_name), Cornu's or a registered one; null for an
/// unknown name.
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
