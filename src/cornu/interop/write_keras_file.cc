#include <string_view>
#include <utility>

#include "cornu/formats/json.h"
#include "cornu/formats/zip.h"
#include "cornu/interop/h5_weights.h"
#include "cornu/interop/keras_compile.h"
#include "cornu/interop/keras_file.h"
#include "cornu/interop/keras_network.h"
#include "cornu/interop/keras_weights.h"

namespace cornu::inline v0 {
namespace {

using formats::Hdf5Dataset;
using formats::Hdf5Group;

// The form of files that we write; Keras compares it with nothing.
constexpr const char* kKerasVersion = "3.15.1";
// Keras asks for one; a fixed date makes files the same.
constexpr const char* kDate = "1980-01-01@00:00:00";

Value network_of(const KerasModel& model) {
  return network_to_keras(*model.graph, model.type, model.name);
}

Hdf5Group variables_tree(const KerasModel& model, const Value& network) {
  Hdf5Group root = to_keras_weights(stored_layers(network, *model.graph), model.name);
  if (model.optimizer.empty()) return root;
  Hdf5Group& vars = root.make_group("optimizer/vars");
  vars.attributes = {{"name", model.optimizer_name}};
  for (const auto& [name, values] : model.optimizer) {
    vars.datasets.push_back(dataset_of(std::to_string(vars.datasets.size()), values));
  }
  return root;
}

Hdf5Group optimizer_tree(const KerasModel& model) {
  Hdf5Group group{.name = "optimizer_weights"};
  Value::List names;
  for (const auto& [name, values] : model.optimizer) {
    names.emplace_back(model.optimizer_name + "/" + name);
    group.make_group(model.optimizer_name).datasets.push_back(dataset_of(name, values));
  }
  add_names(group.attributes, "weight_names", names);
  return group;
}

}  // namespace

Parts to_keras_file(const KerasModel& model) {
  Value::Map network = network_of(model).as_map();
  Parts weights = formats::hdf5_parts(variables_tree(model, Value(network)));
  network.emplace_back("compile_config", model.compile);
  std::vector<formats::ZipContent> members;
  const auto add_json = [&members](const char* name, const Value& value) {
    members.push_back({.name = name, .bytes = {}});
    members.back().bytes.keep(formats::write_json(value));
  };
  add_json("metadata.json", Value::Map{{"keras_version", kKerasVersion}, {"date_saved", kDate}});
  add_json("config.json", network);
  members.push_back({.name = "model.weights.h5", .bytes = std::move(weights)});
  if (!model.own.is_null()) add_json("cornu.json", model.own);
  return formats::zip_parts(std::move(members));
}

Parts to_weights_h5_file(const KerasModel& model) {
  return formats::hdf5_parts(variables_tree(model, network_of(model)));
}

Parts to_h5_file(const KerasModel& model) {
  const Value network = network_of(model);
  Hdf5Group root;
  root.attributes = {{"backend", "tensorflow"},
                     {"keras_version", kKerasVersion},
                     {"model_config", formats::write_json(network)}};
  if (!model.compile.as_map().empty()) {
    root.attributes.emplace_back("training_config",
                                 formats::write_json(to_training_config(model.compile)));
  }
  if (!model.own.is_null()) root.attributes.emplace_back("cornu", formats::write_json(model.own));
  const std::string prefix = model.type == "Sequential" ? model.name + "/" : "";
  Hdf5Group weights = to_h5_weights(stored_layers(network, *model.graph), prefix);
  weights.attributes.emplace_back("backend", "tensorflow");
  weights.attributes.emplace_back("keras_version", kKerasVersion);
  root.groups.push_back(std::move(weights));
  if (!model.optimizer.empty()) root.groups.push_back(optimizer_tree(model));
  return formats::hdf5_parts(root);
}

}  // namespace cornu::inline v0
