#pragma once

#include <string>
#include <string_view>

#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

/// A network as one layer of another. Its weights are the network's: "encoder/dense/kernel".
CORNU_API Layer model_layer(Graph graph, std::string_view type, std::string name);

}  // namespace cornu::inline v0
