#include "cornu/activations/activation.h"

#include <utility>
#include <vector>

#include "cornu/activations/lowerings_internal.h"
#include "cornu/core/names.h"
#include "cornu/core/user_parts.h"

namespace cornu::inline v0 {
namespace {

#define CORNU_ENTRY(name) {#name, activations::name},
constexpr ActivationEntry kActivations[] = {CORNU_ACTIVATIONS(CORNU_ENTRY)};
#undef CORNU_ENTRY

/// Other names that Keras has for some of them, or had: tf.keras 2 wrote those of TensorFlow's
/// functions.
constexpr std::pair<std::string_view, std::string_view> kOtherNamesOfActivations[] = {
    {"swish", "silu"}, {"log_softmax_v2", "log_softmax"}, {"softmax_v2", "softmax"}};

constexpr AbsentName kAbsentActivations[] = {
    {"celu", "elu"},
    {"glu", "sigmoid"},
    {"hard_shrink", "relu"},
    {"hard_silu", "silu"},
    {"hard_swish", "silu"},
    {"hard_tanh", "tanh"},
    {"log_sigmoid", "softplus"},
    {"soft_shrink", "leaky_relu"},
    {"sparse_plus", "softplus"},
    {"sparse_sigmoid", "hard_sigmoid"},
    {"sparsemax", "softmax"},
    {"squareplus", "softplus"},
    {"tanh_shrink", "tanh"},
    {"threshold", "relu"},
};

}  // namespace

std::span<const ActivationEntry> activation_table() {
  return kActivations;
}

Activation::Activation(std::string_view name) {
  for (const auto& [other, ours] : kOtherNamesOfActivations) {
    if (same_name(name, other)) name = ours;
  }
  refuse_absent("activation", name, kAbsentActivations);
  std::vector<std::string> names;
  for (size_t i = 0; i < std::size(kActivations); ++i) {
    if (same_name(kActivations[i].name, name)) {
      index_ = i;
      return;
    }
    names.emplace_back(kActivations[i].name);
  }
  throw unknown_name("activation", "activation", name, names);
}

std::string_view Activation::name() const {
  return own_ ? own_->name() : kActivations[index_].name;
}

std::optional<Value::Map> Activation::options() const {
  return own_ ? own_->options() : std::nullopt;
}

Value to_value(const Activation& x) {
  const std::optional<Value::Map> options = x.options();
  if (!options) return x.name();
  return to_value(NamedConfig{.name = std::string(x.name()), .config = *options});
}

void from_value(const Value& value, Activation& x) {
  if (value.is_map()) {
    NamedConfig layer;
    from_value(value, layer);
    x = activation_of_layer(layer.name, layer.config);
    return;
  }
  const std::string& name = value.as_string();
  const auto* own = find_user_part<Activation>("activation", name);
  x = own == nullptr ? Activation(name) : (*own)({});
}

SlotId Activation::lower(Builder& b, SlotId x) const {
  return own_ ? own_->lower(b, x) : kActivations[index_].lower(b, x);
}

}  // namespace cornu::inline v0
