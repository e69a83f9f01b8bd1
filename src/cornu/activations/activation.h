#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// The function of an activation. Derive from this to write your own.
class CORNU_API ActivationDescription {
 public:
  virtual ~ActivationDescription() = default;
  virtual std::string_view name() const = 0;
  /// Of one that is computed as a layer of that name, the layer's options; files then hold both.
  virtual std::optional<Value::Map> options() const { return {}; }
  /// The slot that holds f(x).
  virtual SlotId lower(Builder& b, SlotId x) const = 0;
};

/// A function of a layer's output, made from its Keras name: "sigmoid", "relu", "softmax", …, or
/// from a layer: Dense(4, LeakyReLU(0.2)).
/// It never changes: threads may use one, and its copies, at the same time.
class CORNU_API Activation {
 public:
  /// "linear": y = x.
  Activation() : Activation("linear") {}
  /// Error for an unknown name; it lists known ones.
  Activation(std::string_view name);  // NOLINT: converts on purpose
  Activation(const char* name) : Activation(std::string_view(name)) {}         // NOLINT
  Activation(const std::string& name) : Activation(std::string_view(name)) {}  // NOLINT

  explicit Activation(std::shared_ptr<const ActivationDescription> own) : own_(std::move(own)) {}
  // A move is a copy: the source is unchanged.
  Activation(const Activation&) = default;
  Activation& operator=(const Activation&) = default;

  std::string_view name() const;
  /// The options of the layer that it is, if it was made from a layer.
  std::optional<Value::Map> options() const;
  /// The slot that holds f(x).
  SlotId lower(Builder& b, SlotId x) const;

  friend bool operator==(const Activation&, const Activation&) = default;

 private:
  std::shared_ptr<const ActivationDescription> own_;  ///< Cornu's have one for each name
};

using ActivationEntry = PartEntry<Activation>;
template <>
CORNU_API const PartTable<Activation>& part_table<Activation>();
/// Cornu's activations.
CORNU_API std::span<const ActivationEntry> activation_table();

/// A layer as an activation, from its class and options: Keras's activation=LeakyReLU(0.2). Error
/// unless it is a ReLU, LeakyReLU, ELU, Softmax or Activation. It is defined beside the layers.
CORNU_API Activation activation_of_layer(std::string_view type, const Value::Map& config);

/// Its name, or the class and the options of the layer that it is.
CORNU_API Value to_value(const Activation& x);
CORNU_API void from_value(const Value& value, Activation& x);

}  // namespace cornu::inline v0
