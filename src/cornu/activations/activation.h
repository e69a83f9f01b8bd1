#pragma once

#include <memory>
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
  /// The slot that holds f(x).
  virtual SlotId lower(Builder& b, SlotId x) const = 0;
};

/// A function of a layer's output, made from its Keras name: "sigmoid", "relu", "softmax", …
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

inline Value to_value(const Activation& x) {
  return x.name();
}
CORNU_API void from_value(const Value& value, Activation& x);

}  // namespace cornu::inline v0
