#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/core/value.h"
#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

/// A layer in the order in which Keras's files list the variables of a network.
struct StoredLayer {
  std::string group;                ///< within the group of the network around it: "dense_1"
  std::string name;                 ///< the layer's own, which may differ
  std::optional<Layer> layer;       ///< none for an input that is no layer of the graph
  std::vector<StoredLayer> inside;  ///< those of a network used as a layer

  /// Every weight of it and of the layers inside, in order of layers.
  std::vector<NamedWeight> weights() const;
};

/// The weights that train, under their names in `graph`, each once: the order of Keras's
/// optimizers.
CORNU_API std::vector<NamedWeight> trained_weights(const std::vector<StoredLayer>& layers,
                                                   const Graph& graph);

/// The layers of `graph` in the order of `network`, Keras's description of it. Groups have the
/// names of classes in snake case, counted within each network from the second on: dense, dense_1.
CORNU_API std::vector<StoredLayer> stored_layers(const Value& network, const Graph& graph);

}  // namespace cornu::inline v0
