#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cornu/graph/graph.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// What a layer costs, with the layers inside it and every use of it.
struct LayerCosts {
  double flops = 0;              ///< to predict one sample
  int64_t activation_bytes = 0;  ///< that one sample's outputs and what is kept for gradients take
  int64_t optimizer_bytes = 0;   ///< of the optimizer's state for its weights
};

/// The costs of the layers of a network by name, before any pass makes less of them; an optimizer
/// that is null has no state.
CORNU_API std::map<std::string, LayerCosts> layer_costs(const Graph& graph,
                                                        const Optimizer* optimizer);

}  // namespace cornu::inline v0
