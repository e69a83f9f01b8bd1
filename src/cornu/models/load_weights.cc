#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/interop/keras_file.h"
#include "cornu/interop/keras_network.h"
#include "cornu/models/model.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace {

// The first few of them.
std::string names_of(const std::vector<std::pair<std::string, Tensor>>& weights) {
  constexpr size_t kMost = 4;
  std::string names;
  for (size_t i = 0; i < weights.size() && i < kMost; ++i) {
    names += (i == 0 ? "" : ", ") + weights[i].first;
  }
  return names + (weights.size() > kMost ? ", …" : "");
}

}  // namespace

void Model::load_weights(const std::string& path) {
  if (is_keras_file(path) && !is_npz_file(path)) {
    const Value network = network_to_keras(graph(), type(), name());
    const KerasFile file = read_keras_file(path);
    const auto values = file.values(stored_layers(network, graph()));
    require_all(values, graph(), path);
    set_all(values, file.verified([&] { return read_all(values); }));
    return;
  }
  const auto own = weights();
  const auto found = read_weights(path);
  std::map<std::string, const Tensor*> by_name;
  for (const auto& [weight_name, values] : found) by_name.emplace(weight_name, &values);
  for (const auto& [weight_name, weight] : own) {
    const auto at = by_name.find(weight_name);
    if (at == by_name.end()) {
      throw Error({.where = path + ": " + weight_name,
                   .expected = "a weight of that name",
                   .found = names_of(found),
                   .hint = "the model must have the layers, and their names, of the one saved"});
    }
    if (!(at->second->shape() == weight.shape())) {
      throw Error({.where = path + ": " + weight_name,
                   .expected = "shape " + weight.shape().str(),
                   .found = at->second->shape().str()});
    }
  }
  if (own.size() != found.size()) {
    throw Error(
        {.where = path,
         .expected = std::to_string(own.size()) + (own.size() == 1 ? " weight" : " weights"),
         .found = std::to_string(found.size())});
  }
  std::vector<std::pair<Weight*, const Tensor*>> pairs;
  for (const auto& [weight_name, values] : found) {
    pairs.emplace_back(graph().find_weight(weight_name), &values);
  }
  // Nothing can fail from here on, so that all weights are set or none.
  for (const auto& [weight, values] : pairs) {
    if (values->nbytes() > 0) std::memcpy(weight->value.data(), values->data(), values->nbytes());
  }
}

}  // namespace cornu::inline v0
