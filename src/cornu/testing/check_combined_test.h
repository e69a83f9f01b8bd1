#pragma once

// The network of one combination: a layer behind an activation under a loss.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cornu/cornu.h"
#include "cornu/testing/check.h"
#include "cornu/testing/samples_test.h"

namespace cornu::inline v0::testing {

inline std::vector<std::string> types_after_an_input() {
  std::vector<std::string> types = layer_types();
  std::erase(types, Input::kType);
  return types;
}

inline Graph network(const std::string& type, std::string_view activation, std::string_view last) {
  const LayerSample sample = layer_sample(type);
  const Layer& layer = sample.layer;
  const Input x({3});
  const auto branch = [&](const SymbolicTensor& from) {
    // No bias before a normalization: its gradient is 0 except for rounding.
    return Dense({.units = 6, .activation = activation, .use_bias = sample.row_by_row})(from);
  };
  SymbolicTensor y = x;
  if (sample.indices > 0) {
    y = branch(Flatten()(layer(x)));
  } else if (layer.description().takes(2)) {
    y = layer({branch(x), branch(x)});
  } else {
    y = sample(branch(x));
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
  const LayerSample sample = layer_sample(type);
  options.indices = sample.indices;
  options.row_by_row = sample.row_by_row;
  const CheckResult result =
      check_gradients(network(type, activation.name, "sigmoid"), loss.make({}), target, options);
  EXPECT_TRUE(result.ok) << result.log;
}

}  // namespace cornu::inline v0::testing
