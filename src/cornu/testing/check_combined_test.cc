// Every layer behind every activation under every loss: the gradients of the whole network.

#include <gmock/gmock.h>

#include "cornu/cornu.h"
#include "cornu/layers/table.h"
#include "cornu/testing/check.h"

namespace cornu::inline v0::testing {
namespace check_combined_test {

// A layer of each type that computes, as it is combined; two branches of 6 numbers meet in those
// that join tensors.
Layer layer_of(std::string_view type) {
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

std::vector<std::string> layer_types() {
  std::vector<std::string> types;
  for (const LayerEntry& entry : layer_table()) {
    if (entry.type != Input::kType) types.emplace_back(entry.type);
  }
  return types;
}

Graph network(const std::string& type, std::string_view activation, std::string_view last) {
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

class Combined : public ::testing::TestWithParam<std::string> {};

TEST_P(Combined, HasTheGradientOfCentralDifferences) {
  int cases = 0;
  for (const ActivationEntry& activation : activation_table()) {
    for (const LossEntry& loss : loss_table()) {
      SCOPED_TRACE(std::string(activation.name) + ", " + std::string(loss.name));
      const bool sparse = loss.name == "sparse_categorical_crossentropy";
      const Field target = sparse ? Field{Shape{}, {.dtype = DType::uint8}} : Field{{4}, {}};
      CheckOptions options = {
          .rows = 3, .largest = 0.7, .max_entries = 12, .substantial = 1e-4, .float32_error = 1e-4};
      if (GetParam() == "Embedding") options.indices = 7;
      options.row_by_row = GetParam() != "BatchNormalization";
      const CheckResult result = check_gradients(network(GetParam(), activation.name, "sigmoid"),
                                                 loss.make({}), target, options);
      EXPECT_TRUE(result.ok) << result.log;
      ++cases;
    }
  }
  std::printf("%d cases\n", cases);
  EXPECT_EQ(cases, static_cast<int>(activation_table().size() * loss_table().size()));
}

INSTANTIATE_TEST_SUITE_P(Layers, Combined, ::testing::ValuesIn(layer_types()),
                         [](const auto& each) { return each.param; });

}  // namespace check_combined_test
}  // namespace cornu::inline v0::testing
