#include "cornu/core/version.h"
#include "cornu/models/compile_config_internal.h"
#include "cornu/models/fit_settings.h"
#include "cornu/models/model.h"
#include "cornu/models/save_keras_internal.h"
#include "cornu/models/saved_card_internal.h"
#include "cornu/models/saved_config_internal.h"
#include "cornu/saving/model_file.h"
#include "cornu/saving/model_format.h"
#include "cornu/saving/network_config.h"

namespace cornu::inline v0 {

Value compile_config(const Model& model) {
  return model.compiled() ? compile_config(model.compile_options()) : Value();
}

void add_data_config(Value::Map& config, const Model& model) {
  config.emplace_back("seed", static_cast<int64_t>(model.seed()));
  config.emplace_back("inputs", fields_config(model.data_spec().x));
  config.emplace_back("targets", fields_config(model.data_spec().y));
  if (!model.origin().is_null()) config.emplace_back("origin", model.origin());
  add_card(config, model);
}

void save_as_safetensors(const Model& model, const std::string& path) {
  ModelFile file;
  const Graph& graph = model.graph();
  const bool is_chain = model.type() == "Sequential";
  file.config = {{"format", is_chain ? kChainFormat : kNetworkFormat},
                 {"version", CORNU_VERSION},
                 {"name", model.name()}};
  add_data_config(file.config, model);
  if (is_chain) {
    const Shape sample = graph.shape(graph.inputs()[0]).without_rows();
    file.config.emplace_back("input_shape", to_value(sample));
    file.config.emplace_back("layers", chain_to_config(graph));
  } else {
    file.config.emplace_back("network", network_to_config(graph));
  }
  file.config.emplace_back("compile", compile_config(model));
  for (const auto& [name, weight] : model.weights())
    file.weights.emplace_back(name, Tensor(weight));
  write_model_file(file, path);
}

void Model::save(const std::string& path) const {
  if (is_keras_name(path)) {
    save_as_keras(*this, path);
  } else {
    save_as_safetensors(*this, path);
  }
}

}  // namespace cornu::inline v0
