#pragma once

#include <string>
#include <string_view>

#include "cornu/core/value.h"
#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

/// A network as Keras 3's model.to_json() describes it: TensorBoard draws it on its page Graphs,
/// and Keras and model_from_json() read it. `type` is "Sequential" or "Functional", `name` the
/// model's. An input that has no InputLayer gets one, "input_layer". Layers that several networks
/// share are written in each of them.
CORNU_API Value network_to_keras(const Graph& graph, std::string_view type,
                                 const std::string& name);

}  // namespace cornu::inline v0
