#include <cstring>
#include <map>
#include <optional>
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

using WeightPairs = std::vector<std::pair<Weight*, const Tensor*>>;

// What is wrong about the file's tensor for a weight.
std::optional<Error> mismatch(const NamedWeight& own, const Tensor* values,
                              const NamedTensors& found, const std::string& path) {
  const Shape& shape = own.weight->value.shape();
  if (values != nullptr && values->shape() == shape) return {};
  if (values != nullptr) {
    return Error({.where = path + ": " + own.name,
                  .expected = "shape " + shape.str(),
                  .found = values->shape().str()});
  }
  return Error({.where = path + ": " + own.name,
                .expected = "a weight of that name",
                .found = names_of(found),
                .hint = "the model must have the layers, and their names, of the one saved"});
}

// The file's tensor for each weight. Error, unless that may be, for one that is missing or has
// another shape, and for a tensor that is none of them.
WeightPairs pairs_of(const std::vector<NamedWeight>& own, const NamedTensors& found,
                     const std::string& path, Leniency& leniency) {
  std::map<std::string, const Tensor*> tensors;
  for (const auto& [name, values] : found) tensors.emplace(name, &values);
  WeightPairs pairs;
  bool has_one = own.empty();
  for (const NamedWeight& each : own) {
    const auto at = tensors.find(each.name);
    const Tensor* const values = at == tensors.end() ? nullptr : at->second;
    has_one = has_one || values != nullptr;
    if (values == nullptr && leniency.by_name) continue;
    if (const auto wrong = mismatch(each, values, found, path)) {
      leniency.leave_out(*wrong);
    } else {
      pairs.emplace_back(each.weight, values);
    }
  }
  if (!has_one) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = path,
                 .what = "has no weight of a name that the network has, such as " + own[0].name,
                 .found = names_of(found)});
  }
  const bool all_alike = !leniency.by_name && !leniency.skip_mismatch;
  if (!all_alike || own.size() == found.size()) return pairs;
  throw Error({.where = path,
               .expected = std::to_string(own.size()) + (own.size() == 1 ? " weight" : " weights"),
               .found = std::to_string(found.size())});
}

}  // namespace

std::vector<std::string> Model::load_weights(const std::string& path,
                                             const LoadWeightsOptions& options) {
  const Graph& own = graph();
  Leniency leniency{.by_name = options.by_name, .skip_mismatch = options.skip_mismatch};
  if (is_keras_file(path) && !is_npz_file(path)) {
    const KerasFile file = read_keras_file(path);
    const auto values =
        file.values(stored_layers(network_to_keras(own, type(), name()), own), leniency);
    if (!options.by_name && !options.skip_mismatch) require_all(values, own, path);
    set_all(values, file.verified([&] { return read_all(values); }));
    return leniency.left_out;
  }
  const NamedTensors found = read_weights(path);
  // Nothing can fail after the pairs are known, so that all weights are set or none.
  for (const auto& [weight, values] : pairs_of(own.weights(), found, path, leniency)) {
    if (values->nbytes() > 0) std::memcpy(weight->value.data(), values->data(), values->nbytes());
  }
  return leniency.left_out;
}

}  // namespace cornu::inline v0
