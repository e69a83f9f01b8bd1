#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/json.h"
#include "cornu/interop/keras_compile.h"
#include "cornu/interop/keras_file.h"
#include "cornu/interop/keras_network.h"
#include "cornu/interop/keras_optimizer.h"
#include "cornu/models/save_keras_internal.h"
#include "cornu/models/saved_config_internal.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace {

constexpr const char* kWeights = ".weights.h5";

KerasModel keras_model_of(const Model& model) {
  KerasModel keras{.graph = &model.graph(), .type = model.type(), .name = model.name()};
  keras.compile = compile_to_keras(compile_config(model), model.graph().output_names());
  Value::Map own;
  add_data_config(own, model);
  keras.own = std::move(own);
  if (!model.compiled()) return keras;
  const Optimizer& optimizer = model.compile_options().optimizer;
  const TrainingState state = model.training_state();
  const auto layers =
      stored_layers(network_to_keras(model.graph(), model.type(), model.name()), model.graph());
  KerasOptimizer kept{.steps = state.steps, .learning_rate = {}, .states = state.optimizer};
  if (optimizer->learning_rate().schedule() == nullptr) kept.learning_rate = model.learning_rate();
  keras.optimizer_name = optimizer->name();
  for (OptimizerVariable& each :
       optimizer_to_keras(kept, optimizer, trained_weights(layers, model.graph()))) {
    keras.optimizer.emplace_back(std::move(each.name), std::move(each.value));
  }
  return keras;
}

}  // namespace

bool is_keras_name(const std::string& path) {
  return path.ends_with(".keras") || path.ends_with(".h5") || path.ends_with(".hdf5");
}

void save_as_keras(const Model& model, const std::string& path) {
  if (path.ends_with(kWeights)) {
    throw Error({.where = path,
                 .expected = "a name that ends in .keras, .h5 or .safetensors",
                 .hint = "save_weights(path) writes the weights alone"});
  }
  const KerasModel keras = keras_model_of(model);
  if (path.ends_with(".keras")) {
    replace_file(path, to_keras_file(keras));
  } else {
    replace_file(path, to_h5_file(keras));
  }
}

std::string Model::to_json(int indent) const {
  Value::Map network = network_to_keras(graph(), type(), name()).as_map();
  network.emplace_back("compile_config",
                       compile_to_keras(compile_config(*this), graph().output_names()));
  return formats::write_json(network, indent);
}

void Model::save_weights(const std::string& path) const {
  if (path.ends_with(kWeights)) {
    const KerasModel keras = keras_model_of(*this);
    return replace_file(path, to_weights_h5_file(keras));
  }
  std::vector<std::pair<std::string, Tensor>> all;
  for (const auto& [name, weight] : weights()) all.emplace_back(name, Tensor(weight));
  write_weights(all, path);
}

}  // namespace cornu::inline v0
