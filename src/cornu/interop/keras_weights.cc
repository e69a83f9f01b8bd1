#include "cornu/interop/keras_weights.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/interop/variable_groups.h"

namespace cornu::inline v0 {
namespace {

using formats::Hdf5Dataset;
using formats::Hdf5Group;

/// Finds the variables of layers, network by network.
class Values {
 public:
  Values(std::string where, Leniency& leniency) : where_(std::move(where)), leniency_(leniency) {}

  void of_layers(const VariableGroup* around, const std::vector<StoredLayer>& layers) {
    const VariableGroup* list = nullptr;
    for (const char* name : {"layers", "_layer_checkpoint_dependencies"}) {
      if (around != nullptr && list == nullptr) list = around->find(name);
    }
    const auto groups = groups_of(list, layers);
    if (list != nullptr && !leniency_.skip_mismatch) require_no_others(*list, groups);
    for (size_t i = 0; i < layers.size(); ++i) of_layer(groups[i], layers[i]);
  }

  std::vector<StoredValue> take() && { return std::move(all_); }

 private:
  void of_layer(const VariableGroup* group, const StoredLayer& stored) {
    // A layer that networks share stands where Keras came to it first.
    if (!stored.layer || !seen_.insert(stored.layer->id()).second) return;
    Layer layer = *stored.layer;
    const auto variables =
        group == nullptr ? std::vector<const Hdf5Dataset*>() : group->variables();
    add_values(layer, variables);
    if (!stored.inside.empty()) of_layers(group, stored.inside);
  }

  void add_values(Layer& layer, const std::vector<const Hdf5Dataset*>& variables) {
    const std::string where = where_ + ": " + layer.where();
    std::vector<Weight>& weights = layer.weights();
    if (variables.size() != weights.size()) {
      leniency_.leave_out(Error({.kind = ErrorKind::corrupt,
                                 .where = where,
                                 .expected = std::to_string(weights.size()) + " variables",
                                 .found = std::to_string(variables.size())}));
      return;
    }
    std::vector<StoredValue> values;
    for (size_t i = 0; i < weights.size(); ++i) {
      values.push_back({&weights[i], where + ": " + weights[i].name, variables[i]});
      const auto mismatch = shape_mismatch(values.back());
      if (mismatch) return leniency_.leave_out(*mismatch);
    }
    all_.insert(all_.end(), values.begin(), values.end());
  }

  // The group of each layer: that of its name, or, where files number them otherwise, the same one
  // in order among those of its class that hold variables.
  std::vector<const VariableGroup*> groups_of(const VariableGroup* list,
                                              const std::vector<StoredLayer>& layers) const {
    std::vector<const VariableGroup*> groups(layers.size(), nullptr);
    if (list == nullptr) return groups;
    std::map<std::string, std::vector<size_t>> by_class;  // the layers that have weights
    for (size_t i = 0; i < layers.size(); ++i) {
      groups[i] = list->find(layers[i].group);
      if (has_new_weights(layers[i])) by_class[counted_name(layers[i].group).first].push_back(i);
    }
    for (const auto& [stem, places] : by_class) {
      const bool all_named = std::ranges::all_of(
          places, [&](size_t i) { return groups[i] != nullptr && !groups[i]->is_empty(); });
      if (all_named) continue;
      const auto filled = filled_groups(*list, stem);
      if (filled.size() != places.size()) {
        if (leniency_.skip_mismatch) continue;  // those of other names are left out
        throw Error(
            {.kind = ErrorKind::corrupt,
             .where = where_,
             .expected = std::to_string(places.size()) + " layers " + stem + " with weights",
             .found = std::to_string(filled.size())});
      }
      for (size_t k = 0; k < places.size(); ++k) groups[places[k]] = filled[k];
    }
    return groups;
  }

  // A network that lacks layers of the file is another network.
  void require_no_others(const VariableGroup& list,
                         const std::vector<const VariableGroup*>& groups) const {
    const std::set<const VariableGroup*> known(groups.begin(), groups.end());
    for (const auto& [name, group] : list.groups) {
      if (group.is_empty() || known.contains(&group)) continue;
      throw Error({.kind = ErrorKind::corrupt,
                   .where = where_,
                   .what = "has a layer that the network has not",
                   .found = name});
    }
  }

  bool has_new_weights(const StoredLayer& stored) const {
    if (!stored.layer || seen_.contains(stored.layer->id())) return false;
    return !stored.layer->weights().empty() ||
           std::ranges::any_of(stored.inside,
                               [&](const auto& each) { return has_new_weights(each); });
  }

  static std::vector<const VariableGroup*> filled_groups(const VariableGroup& list,
                                                         const std::string& stem) {
    std::map<int64_t, const VariableGroup*> by_number;
    for (const auto& [name, group] : list.groups) {
      const auto [own_stem, number] = counted_name(name);
      if (own_stem == stem && !group.is_empty()) by_number.emplace(number, &group);
    }
    std::vector<const VariableGroup*> all;
    for (const auto& [number, group] : by_number) all.push_back(group);
    return all;
  }

  std::string where_;
  Leniency& leniency_;
  std::set<const void*> seen_;  ///< layers, by Layer::id()
  std::vector<StoredValue> all_;
};

/// Makes the groups of layers.
class Groups {
 public:
  Hdf5Group of_layers(const std::vector<StoredLayer>& layers) {
    Hdf5Group group{.name = "layers"};
    for (const StoredLayer& each : layers) {
      if (auto own = of_layer(each)) group.groups.push_back(std::move(*own));
    }
    return group;
  }

  static Hdf5Group variables(const std::string& name, std::span<const Weight> weights) {
    Hdf5Group vars{.name = "vars", .attributes = {{"name", name}}};
    for (const Weight& weight : weights) {
      vars.datasets.push_back(dataset_of(std::to_string(vars.datasets.size()), weight.value));
    }
    return vars;
  }

 private:
  std::optional<Hdf5Group> of_layer(const StoredLayer& stored) {
    if (stored.layer && !seen_.insert(stored.layer->id()).second) return {};
    Hdf5Group group{.name = stored.group};
    std::span<const Weight> weights;
    if (stored.layer) weights = std::as_const(*stored.layer).weights();
    group.groups.push_back(variables(stored.name, weights));
    if (!stored.inside.empty()) group.groups.push_back(of_layers(stored.inside));
    return group;
  }

  std::set<const void*> seen_;  ///< layers, by Layer::id()
};

}  // namespace

std::vector<StoredValue> values_in_keras_weights(const Hdf5Group& root,
                                                 const std::vector<StoredLayer>& layers,
                                                 const std::string& where, Leniency& leniency) {
  const VariableGroup groups(root, where);
  Values values(where, leniency);
  values.of_layers(&groups, layers);
  return std::move(values).take();
}

Hdf5Group to_keras_weights(const std::vector<StoredLayer>& layers, const std::string& model_name) {
  Hdf5Group root;
  root.groups.push_back(Groups().of_layers(layers));
  root.groups.push_back(Groups::variables(model_name, {}));
  return root;
}

}  // namespace cornu::inline v0
