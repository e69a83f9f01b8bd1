#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "cornu/formats/json.h"
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

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// In memory of its exact size: the weights of a large model are copied once.
Block bytes_of(const Hdf5Group& root) {
  size_t size = 0;
  formats::write_hdf5(root, [&](std::span<const std::byte> part) { size += part.size(); });
  Block bytes(size);
  bytes.prefer_huge_pages();
  std::byte* to = bytes.data();
  formats::write_hdf5(root, [&](std::span<const std::byte> part) {
    if (!part.empty()) std::memcpy(to, part.data(), part.size());
    to += part.size();
  });
  return bytes;
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

Block to_keras_file(const KerasModel& model) {
  Value::Map network = network_of(model).as_map();
  const Block weights = bytes_of(variables_tree(model, Value(network)));
  network.emplace_back("compile_config", model.compile);
  const std::string metadata =
      formats::write_json(Value::Map{{"keras_version", kKerasVersion}, {"date_saved", kDate}});
  const std::string config = formats::write_json(network);
  const std::string own = formats::write_json(model.own);
  std::vector<formats::ZipMember> members;
  members.push_back({.name = "metadata.json", .bytes = bytes_of(metadata)});
  members.push_back({.name = "config.json", .bytes = bytes_of(config)});
  members.push_back({.name = "model.weights.h5", .bytes = weights.span()});
  if (!model.own.is_null()) members.push_back({.name = "cornu.json", .bytes = bytes_of(own)});
  return formats::write_zip(members);
}

Block to_weights_h5_file(const KerasModel& model) {
  return bytes_of(variables_tree(model, network_of(model)));
}

Block to_h5_file(const KerasModel& model) {
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
  return bytes_of(root);
}

}  // namespace cornu::inline v0
