#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

/// A penalty on a weight, which is added to the loss. Derive from this to write your own.
class CORNU_API RegularizerDescription {
 public:
  virtual ~RegularizerDescription() = default;
  /// Keras's class name in small letters, "l1l2".
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const { return {}; }
  /// The penalty of a weight, one number of shape (1,), which is added to the loss once per step.
  virtual SlotId lower(Builder& b, SlotId weight) const = 0;
};

/// A regularizer, or none. Made from Keras's name ("l2"), from an object such as
/// L2({.l2 = 0.001}), or from a configuration as Keras writes it. Copies share one description,
/// which never changes: threads may use them at the same time.
class CORNU_API Regularizer {
 public:
  Regularizer() = default;
  /// Error for an unknown name; it lists known ones.
  Regularizer(std::string_view name);                                            // NOLINT: converts
  Regularizer(const char* name) : Regularizer(std::string_view(name)) {}         // NOLINT
  Regularizer(const std::string& name) : Regularizer(std::string_view(name)) {}  // NOLINT
  explicit Regularizer(std::shared_ptr<const RegularizerDescription> description)
      : description_(std::move(description)) {}
  // A move is a copy: the source is unchanged.
  Regularizer(const Regularizer&) = default;
  Regularizer& operator=(const Regularizer&) = default;

  explicit operator bool() const { return description_ != nullptr; }
  const RegularizerDescription* operator->() const { return description_.get(); }

 private:
  std::shared_ptr<const RegularizerDescription> description_;
};

using RegularizerEntry = PartEntry<Regularizer>;
template <>
CORNU_API const PartTable<Regularizer>& part_table<Regularizer>();
/// Cornu's regularizers.
CORNU_API std::span<const RegularizerEntry> regularizer_table();

/// A regularizer from its name and options. Error for an unknown name; it lists known ones.
CORNU_API Regularizer make_regularizer(std::string_view name, const Value::Map& config = {});

/// Null if there is no regularizer, else {"class_name": …, "config": {…}}.
CORNU_API Value to_value(const Regularizer& x);
CORNU_API void from_value(const Value& value, Regularizer& x);

}  // namespace cornu::inline v0
