#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/fields.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// What a weight is before training, made from its Keras name: "glorot_uniform", "zeros".
class CORNU_API Initializer {
 public:
  /// Error, with the names there are, for a name that is none of them.
  Initializer(std::string_view name);  // NOLINT: converts on purpose
  Initializer(const char* name) : Initializer(std::string_view(name)) {}         // NOLINT
  Initializer(const std::string& name) : Initializer(std::string_view(name)) {}  // NOLINT

  std::string_view name() const;
  /// A float32 weight of `shape`; the same `key` gives the same numbers everywhere.
  Tensor make(Shape shape, uint64_t key) const;

  friend bool operator==(const Initializer&, const Initializer&) = default;

 private:
  size_t index_ = 0;
};

/// One line of the table of initializers.
struct InitializerEntry {
  std::string_view name;
  void (*fill)(std::span<float> values, const Shape& shape, uint64_t key);
};
CORNU_API std::span<const InitializerEntry> initializer_table();

inline Value to_value(const Initializer& x) {
  return x.name();
}
inline void from_value(const Value& value, Initializer& x) {
  x = Initializer(value.as_string());
}

}  // namespace cornu::inline v0
