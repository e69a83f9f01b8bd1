#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cornu/graph/graph.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// The cost of a layer, including the layers inside it and every use of it.
struct LayerCosts {
  double flops = 0;              ///< to predict one sample
  int64_t activation_bytes = 0;  ///< of one sample's outputs and of the values kept for gradients
  int64_t optimizer_bytes = 0;   ///< of the optimizer's state for its weights
};

/// The costs of the layers of a network by name, before passes reduce them. Without an optimizer
/// (null) there is no optimizer state.
CORNU_API std::map<std::string, LayerCosts> layer_costs(const Graph& graph,
                                                        const Optimizer* optimizer);

}  // namespace cornu::inline v0
