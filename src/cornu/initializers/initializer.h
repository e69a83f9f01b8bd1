#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/part_table.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The values of a weight before training. Derive from this to write your own.
class CORNU_API InitializerDescription {
 public:
  virtual ~InitializerDescription() = default;
  /// Keras's function name, "glorot_uniform".
  virtual std::string_view name() const = 0;
  virtual Value::Map config() const { return {}; }
  /// Keras's seed: a key that replaces the weight's key; -1: none.
  virtual int64_t seed() const { return -1; }
  /// Sets the elements of a weight of `shape`; the same `key` gives the same numbers everywhere.
  virtual void fill(std::span<float> values, const Shape& shape, uint64_t key) const = 0;
};

/// Made from Keras's function or class name ("he_normal", "HeNormal"), from an object such as
/// Constant({.value = 0.5}), or from a configuration as Keras writes it.
/// Copies share one description, which never changes: threads may use them at the same time.
class CORNU_API Initializer {
 public:
  /// Error for an unknown name; it lists known ones.
  Initializer(std::string_view name);                                            // NOLINT: converts
  Initializer(const char* name) : Initializer(std::string_view(name)) {}         // NOLINT
  Initializer(const std::string& name) : Initializer(std::string_view(name)) {}  // NOLINT
  explicit Initializer(std::shared_ptr<const InitializerDescription> description)
      : description_(std::move(description)) {}
  // A move is a copy: the source is unchanged.
  Initializer(const Initializer&) = default;
  Initializer& operator=(const Initializer&) = default;

  const InitializerDescription* operator->() const { return description_.get(); }
  std::string_view name() const { return description_->name(); }
  /// A float32 weight of `shape`, keyed by the initializer's seed, or by `key` if it has none.
  Tensor make(Shape shape, uint64_t key) const;

  friend bool operator==(const Initializer& a, const Initializer& b) {
    return a.name() == b.name() && a->config() == b->config();
  }

 private:
  std::shared_ptr<const InitializerDescription> description_;
};

using InitializerEntry = PartEntry<Initializer>;
template <>
CORNU_API const PartTable<Initializer>& part_table<Initializer>();
/// Cornu's initializers.
CORNU_API std::span<const InitializerEntry> initializer_table();

/// An initializer from its name and options. Error for an unknown name; it lists known ones.
CORNU_API Initializer make_initializer(std::string_view name, const Value::Map& config = {});

/// Its name, or {"class_name": …, "config": {…}} if an option differs from its default.
CORNU_API Value to_value(const Initializer& x);
CORNU_API void from_value(const Value& value, Initializer& x);

}  // namespace cornu::inline v0
