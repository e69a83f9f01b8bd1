#include "cornu/activations/activation.h"

#include <memory>

#include "cornu/activations/lowerings_internal.h"

namespace cornu::inline v0 {
namespace {

using LowerActivation = SlotId (*)(Builder& b, SlotId x);

class KnownActivation final : public ActivationDescription {
 public:
  KnownActivation(std::string_view its_name, LowerActivation its_lower)
      : name_(its_name), lower_(its_lower) {}
  std::string_view name() const override { return name_; }
  SlotId lower(Builder& b, SlotId x) const override { return lower_(b, x); }

 private:
  std::string_view name_;
  LowerActivation lower_;
};

struct NoActivationOptions {
  static void visit_fields(auto&, auto&) {}
};

// All activations of a name share one description, so that they are equal.
#define CORNU_ENTRY(name)                                                   \
  {#name, field_names<NoActivationOptions>,                                 \
   [](const Value::Map& config, const std::string& where) -> Activation {   \
     NoActivationOptions none;                                              \
     fields_from_map(config, none, where);                                  \
     static const auto description =                                        \
         std::make_shared<const KnownActivation>(#name, activations::name); \
     return Activation(description);                                        \
   }},
constexpr ActivationEntry kActivations[] = {CORNU_ACTIVATIONS(CORNU_ENTRY)};
#undef CORNU_ENTRY

/// Other names that Keras has for some of them, or had: tf.keras 2 wrote those of TensorFlow's
/// functions.
constexpr OtherName kOtherNamesOfActivations[] = {
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

template <>
const PartTable<Activation>& part_table<Activation>() {
  static constexpr PartTable<Activation> table({.kind = "activation",
                                                .where = "activation",
                                                .others = kOtherNamesOfActivations,
                                                .absent = kAbsentActivations},
                                               kActivations);
  return table;
}

Activation::Activation(std::string_view name)
    : Activation(part_table<Activation>().make(name, {})) {}

std::string_view Activation::name() const {
  return own_->name();
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
  x = part_from_config<Activation>({.name = value.as_string()});
}

SlotId Activation::lower(Builder& b, SlotId x) const {
  return own_->lower(b, x);
}

}  // namespace cornu::inline v0
