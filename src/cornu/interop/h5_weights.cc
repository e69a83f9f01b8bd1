#include "cornu/interop/h5_weights.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/interop/names_without_slashes.h"

namespace cornu::inline v0 {
namespace {

using formats::Hdf5Dataset;
using formats::Hdf5Group;

// An attribute of this many bytes does not fit in an object's header.
constexpr size_t kLongestAttribute = 64512;

/// A layer's datasets in their order.
struct Saved {
  std::string name;
  std::vector<const Hdf5Dataset*> values;
};

std::vector<Saved> saved_layers(const Hdf5Group& group, const std::string& where) {
  std::vector<Saved> all;
  for (const std::string& name : names_in(group, "layer_names", where)) {
    const Hdf5Group* const own = group.group(name);
    const std::string own_where = where + ": layer \"" + name + "\"";
    if (own == nullptr) {
      throw Error({.kind = ErrorKind::corrupt, .where = own_where, .what = "has no group"});
    }
    Saved saved{.name = name, .values = {}};
    for (const std::string& weight : names_in(*own, "weight_names", own_where)) {
      const Hdf5Dataset* const values = own->dataset(weight);
      if (values == nullptr) {
        throw Error({.kind = ErrorKind::corrupt, .where = own_where, .what = "has no " + weight});
      }
      saved.values.push_back(values);
    }
    if (!saved.values.empty()) all.push_back(std::move(saved));
  }
  return all;
}

// In Keras's order: first those that train. One that networks share counts where it comes first.
std::vector<NamedWeight> in_order(const StoredLayer& stored, std::set<const Weight*>& seen) {
  std::vector<NamedWeight> weights = stored.weights();
  std::erase_if(weights, [&](const NamedWeight& each) { return !seen.insert(each.weight).second; });
  std::stable_partition(weights.begin(), weights.end(),
                        [](const NamedWeight& each) { return each.trainable; });
  return weights;
}

/// A layer of the network, and its weights.
struct Own {
  const StoredLayer* stored;
  std::vector<NamedWeight> weights;
};

// Those that have weights.
std::vector<Own> with_weights(const std::vector<StoredLayer>& layers) {
  std::vector<Own> all;
  std::set<const Weight*> seen;
  for (const StoredLayer& each : layers) {
    auto weights = in_order(each, seen);
    if (!weights.empty()) all.push_back({&each, std::move(weights)});
  }
  return all;
}

using Pairs = std::vector<std::pair<const Own*, const Saved*>>;

Pairs pairs_in_order(const std::vector<Own>& own, const std::vector<Saved>& saved,
                     const std::string& where) {
  if (saved.size() != own.size()) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .expected = std::to_string(own.size()) + " layers with weights",
                 .found = std::to_string(saved.size())});
  }
  Pairs pairs;
  for (size_t i = 0; i < own.size(); ++i) pairs.emplace_back(&own[i], &saved[i]);
  return pairs;
}

Pairs pairs_by_name(const std::vector<Own>& own, const std::vector<Saved>& saved,
                    const std::string& where) {
  Pairs pairs;
  std::vector<std::string> names;
  for (const Saved& stored : saved) names.push_back(stored.name);
  const auto changed = names_without_slashes({names.begin(), names.end()});
  for (const Saved& stored : saved) {
    const auto found = changed.find(stored.name);
    const std::string& name = found == changed.end() ? stored.name : found->second;
    for (const Own& each : own) {
      if (each.stored->name == name) pairs.emplace_back(&each, &stored);
    }
  }
  if (!pairs.empty() || own.empty()) return pairs;
  throw Error(
      {.kind = ErrorKind::not_found,
       .where = where,
       .what = "has no layer of a name that the network has, such as " + own[0].stored->name,
       .found = nearest_first(own[0].stored->name, names)});
}

// Those of a layer; of another shape none, if that is allowed.
void add_values(const Own& own, const Saved& saved, const H5Origin& origin, Leniency& leniency,
                std::vector<StoredValue>& values) {
  const std::string layer_where = origin.where + ": " + own.stored->layer->where();
  if (saved.values.size() != own.weights.size()) {
    const Error mismatch(
        {.kind = ErrorKind::corrupt,
         .where = layer_where,
         .expected = std::to_string(own.weights.size()) + " weights",
         .found = std::to_string(saved.values.size()) + " of layer \"" + saved.name + "\""});
    // In order it is another layer.
    if (!leniency.by_name) throw mismatch;
    return leniency.leave_out(mismatch);
  }
  for (size_t k = 0; k < own.weights.size(); ++k) {
    Weight* const weight = own.weights[k].weight;
    const Hdf5Dataset* const stored = saved.values[k];
    const StoredValue value{.weight = weight,
                            .where = layer_where + ": " + weight->name,
                            .values = stored,
                            .form = kernel_form(*own.stored, weight, stored->name, origin.backend)};
    if (const auto mismatch = shape_mismatch(value)) {
      leniency.leave_out(*mismatch);
    } else {
      values.push_back(value);
    }
  }
}

// Each slash in the path is a group.
void add_dataset(Hdf5Group& group, const std::string& path, const Tensor& tensor) {
  const size_t slash = path.rfind('/');
  Hdf5Group& around = slash == std::string::npos ? group : group.make_group(path.substr(0, slash));
  around.datasets.push_back(dataset_of(path.substr(slash + 1), tensor));
}

Hdf5Group group_of(const StoredLayer& stored, const std::string& prefix,
                   std::set<const Weight*>& seen) {
  Hdf5Group group{.name = stored.name};
  Value::List names;
  for (const NamedWeight& each : in_order(stored, seen)) {
    const std::string path = prefix + each.name;
    names.emplace_back(path);
    add_dataset(group, path, each.weight->value);
  }
  add_names(group.attributes, "weight_names", names);
  return group;
}

}  // namespace

void add_names(Value::Map& attributes, const std::string& name, const Value::List& list) {
  size_t longest = 1;
  for (const Value& each : list) longest = std::max(longest, each.as_string().size());
  const size_t most = std::max<size_t>(1, kLongestAttribute / longest);
  if (list.size() <= most) {
    attributes.emplace_back(name, list);
    return;
  }
  for (size_t part = 0; part * most < list.size(); ++part) {
    const auto begin = list.begin() + static_cast<std::ptrdiff_t>(part * most);
    const size_t count = std::min(most, list.size() - part * most);
    attributes.emplace_back(name + std::to_string(part),
                            Value::List(begin, begin + static_cast<std::ptrdiff_t>(count)));
  }
}

std::vector<std::string> names_in(const Hdf5Group& group, const std::string& name,
                                  const std::string& where) {
  std::vector<std::string> names;
  const auto add = [&names](const Value& list) {
    for (const Value& each : list.as_list()) names.push_back(each.as_string());
  };
  if (const Value* const whole = group.attribute(name)) {
    add(*whole);
    return names;
  }
  const Value* part = group.attribute(name + "0");
  if (part == nullptr) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .expected = "the attribute " + name + ", as Keras writes it"});
  }
  for (int number = 1; part != nullptr; ++number) {
    add(*part);
    part = group.attribute(name + std::to_string(number));
  }
  return names;
}

std::vector<StoredValue> values_in_h5_weights(const Hdf5Group& group,
                                              const std::vector<StoredLayer>& layers,
                                              const H5Origin& origin, Leniency& leniency) {
  const std::vector<Saved> saved = saved_layers(group, origin.where);
  const std::vector<Own> own = with_weights(layers);
  std::vector<StoredValue> values;
  for (const auto& [layer, stored] : leniency.by_name ? pairs_by_name(own, saved, origin.where)
                                                      : pairs_in_order(own, saved, origin.where)) {
    add_values(*layer, *stored, origin, leniency, values);
  }
  return values;
}

Hdf5Group to_h5_weights(const std::vector<StoredLayer>& layers, const std::string& prefix) {
  Hdf5Group group{.name = "model_weights"};
  Value::List names;
  std::set<const Weight*> seen;
  for (const StoredLayer& each : layers) {
    names.emplace_back(each.name);
    group.groups.push_back(group_of(each, prefix, seen));
  }
  add_names(group.attributes, "layer_names", names);
  group.groups.push_back(
      {.name = "top_level_model_weights", .attributes = {{"weight_names", Value::List{}}}});
  return group;
}

}  // namespace cornu::inline v0
