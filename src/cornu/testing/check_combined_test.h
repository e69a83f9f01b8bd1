#pragma once

// The network of one combination: a layer behind an activation under a loss.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cornu/cornu.h"
#include "cornu/layers/table.h"
#include "cornu/testing/check.h"

namespace cornu::inline v0::testing {

// A layer of each type that computes, as it is combined; two branches of 6 numbers meet in those
// that join tensors.
inline Layer layer_of(std::string_view type) {
  if (type == "Dense") return Dense({.units = 5, .activation = "tanh"});
  if (type == "Reshape") return Reshape(ReshapeOptions{.target_shape = {2, 3}});
  if (type == "Activation") return ActivationLayer({.activation = "softsign"});
  if (type == "Dropout") return Dropout({.rate = 0.3F});
  if (type == "Rescaling") return Rescaling({.scale = 0.5, .offset = 0.25});
  if (type == "GaussianDropout") return GaussianDropout({.rate = 0.3});
  if (type == "GaussianNoise") return GaussianNoise({.stddev = 0.1});
  if (type == "Embedding") return Embedding({.input_dim = 7, .output_dim = 2});
  return make_layer(type, {});
}

inline std::vector<std::string> layer_types() {
  std::vector<std::string> types;
  for (const LayerEntry& entry : layer_table()) {
    if (entry.type != Input::kType) types.emplace_back(entry.type);
  }
  return types;
}

inline Graph network(const std::string& type, std::string_view activation, std::string_view last) {
  const Layer layer = layer_of(type);
  const Input x({3});
  const auto branch = [&](const SymbolicTensor& from) {
    // A bias before a normalization has a gradient of 0, of which rounding alone is left.
    const bool biased = type != "BatchNormalization";
    return Dense({.units = 6, .activation = activation, .use_bias = biased})(from);
  };
  SymbolicTensor y = x;
  if (type == "Embedding") {
    y = branch(Flatten()(layer(x)));
  } else if (layer.description().takes(2)) {
    y = layer({branch(x), branch(x)});
  } else {
    y = layer(branch(x));
  }
  y = Dense({.units = 4, .activation = last})(Flatten()(y));
  Graph graph = Graph::between({x}, {y}, Graph::Inputs::left_out);
  graph.build(0);
  return graph;
}

/// Expects the gradients of the whole network to be those of central differences.
inline void expect_gradient(const std::string& type, const ActivationEntry& activation,
                            const LossEntry& loss) {
  SCOPED_TRACE(std::string(activation.name) + ", " + std::string(loss.name));
  const bool sparse = loss.name == "sparse_categorical_crossentropy";
  const Field target = sparse ? Field{Shape{}, {.dtype = DType::uint8}} : Field{{4}, {}};
  CheckOptions options = {
      .rows = 3, .largest = 0.7, .max_entries = 12, .substantial = 1e-4, .float32_error = 1e-4};
  if (type == "Embedding") options.indices = 7;
  options.row_by_row = type != "BatchNormalization";
  const CheckResult result =
      check_gradients(network(type, activation.name, "sigmoid"), loss.make({}), target, options);
  EXPECT_TRUE(result.ok) << result.log;
}

}  // namespace cornu::inline v0::testing
