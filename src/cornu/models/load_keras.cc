#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/interop/keras_compile.h"
#include "cornu/interop/keras_file.h"
#include "cornu/interop/keras_optimizer.h"
#include "cornu/layers/weights_from_file.h"
#include "cornu/models/load_parts_internal.h"
#include "cornu/models/saved_card_internal.h"
#include "cornu/models/saved_config_internal.h"

namespace cornu::inline v0 {
namespace {

uint64_t seed_in(const Value& own) {
  const Value* const seed = own.is_map() ? own.find("seed") : nullptr;
  return seed == nullptr ? 0 : static_cast<uint64_t>(seed->as_int());
}

// The weights that train, in the order in which the optimizer lists them: in Keras 1 by the names
// that they have in the file, today by layers.
std::vector<NamedWeight> optimized_weights(const Model& model, const KerasFile& file,
                                           const std::vector<StoredLayer>& layers) {
  auto weights = trained_weights(layers, model.graph());
  if (!file.version.starts_with("1.")) return weights;
  std::map<const Weight*, std::string> names;
  for (const StoredValue& each : file.values(layers)) {
    names.emplace(each.weight, each.values->name);
  }
  std::ranges::stable_sort(weights, {},
                           [&](const NamedWeight& each) { return names[each.weight]; });
  return weights;
}

// How kernels lie in the file, and so what the optimizer keeps of them.
std::vector<KernelForm> forms_of(const std::vector<NamedWeight>& weights, const KerasFile& file,
                                 const std::vector<StoredLayer>& layers) {
  std::map<const Weight*, KernelForm> by_weight;
  for (const StoredValue& each : file.values(layers)) by_weight[each.weight] = each.form;
  std::vector<KernelForm> forms;
  for (const NamedWeight& each : weights) forms.push_back(by_weight[each.weight]);
  return forms;
}

// The optimizer's variables in the file, if there are any.
void set_optimizer_state(Model& model, const KerasFile& file,
                         const std::vector<StoredLayer>& layers) {
  const Optimizer& optimizer = model.compile_options().optimizer;
  const auto weights = optimized_weights(model, file, layers);
  const std::vector<Tensor> variables =
      in_todays_order(file.optimizer_variables(), file.optimizer_names(), optimizer,
                      forms_of(weights, file, layers));
  KerasOptimizer kept =
      optimizer_from_keras(variables, optimizer, weights, file.where + ": optimizer");
  TrainingState state{.optimizer = std::move(kept.states), .steps = kept.steps};
  if (kept.learning_rate) {
    // Keras keeps a float32; the optimizer's own number is written with more digits.
    const double own = optimizer->learning_rate().at(0);
    const auto rate = static_cast<float>(*kept.learning_rate);
    if (static_cast<float>(own) != rate) state.learning_rate = to_value(rate).as_double();
  }
  model.set_training_state(std::move(state));
}

void compile_as_saved(Model& model, const KerasFile& file, const std::vector<StoredLayer>& layers) {
  const Value config = compile_from_keras(file.compile, model.graph().output_names());
  if (config.is_null()) return;
  model.compile(compile_from_config(config));
  set_optimizer_state(model, file, layers);
}

Model model_from(const KerasFile& file, const LoadOptions& options) {
  Model model = [&] {
    const WeightsFromFile from_file(file.elements());
    return model_from_document(file.network,
                               {.sample = file.sample(),
                                .seed = seed_in(file.own),
                                .where = file.where,
                                .custom_objects = options.custom_objects},
                               file.version);
  }();
  const auto layers = stored_layers(file.network, model.graph());
  const std::vector<StoredValue> values = file.values(layers);
  require_all(values, model.graph(), file.where);
  file.require_todays_padding(layers);
  read_in_place(values);
  set_data_config(model, file.own);
  if (options.compile) compile_as_saved(model, file, layers);
  if (options.check_sample) check_sample(model, file.own);
  return model;
}

Model load(const std::string& path, const LoadOptions& options) {
  const KerasFile file = read_keras_file(path);
  if (file.network.is_null()) {
    throw Error({.kind = ErrorKind::unsupported,
                 .where = path,
                 .what = "holds weights and no network",
                 .hint = "make the model and call load_weights(path)"});
  }
  const LoadedParts parts(options.custom_objects);
  const UserParts::Scope scope(parts);
  return file.verified([&] { return model_from(file, options); });
}

}  // namespace

Model load_keras_model(const std::string& path, const LoadOptions& options) {
  try {
    return load(path, options);
  } catch (const Error& error) {
    // A part that cannot be made does not know where it comes from.
    ErrorParts found = error.parts();
    if (found.where.starts_with(path)) throw;
    found.where = found.where.empty() ? path : path + ": " + found.where;
    throw Error(found);
  }
}

}  // namespace cornu::inline v0
