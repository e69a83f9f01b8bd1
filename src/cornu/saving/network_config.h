#pragma once

#include "cornu/core/value.h"
#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

/// The deepest nesting of networks within networks.
inline constexpr int kDeepestNetwork = 16;

/// A network of any shape as configuration: `inputs`, the shapes of samples; `layers`, each once;
/// `calls`, the inputs of each call: {"layer": 2, "in": [0, 3]}; and `outputs`. Tensors have
/// numbers: first the inputs, then the results of each call.
///
/// A layer is its type, its options with its present name, whether it trains now, and for a model
/// used as a layer its network. If networks within the model share a layer, its later places have,
/// instead of the network, `same_as`, the path of its first place: "encoder/dense".
CORNU_API Value network_to_config(const Graph& graph);
/// The layers of a chain as configuration, one for each node.
CORNU_API Value chain_to_config(const Graph& graph);

/// Error for a count that is implausibly large.
CORNU_API void check_count(const char* what, size_t count);
/// A whole number from 0 to below `end`. Error for another.
CORNU_API size_t index_from_config(const Value& value, const char* what, size_t end);

}  // namespace cornu::inline v0
