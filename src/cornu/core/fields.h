#pragma once

// An options struct lists its fields once, in `static void visit_fields(auto& self, auto& v)`;
// the functions here make a Value or a list of names from it, and set the fields from a Value.

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/core/dtype.h"
#include "cornu/core/error.h"
#include "cornu/core/shape.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// One field's value as data. Types of other folders have their own `to_value` and `from_value`.
inline Value to_value(bool x) {
  return x;
}
inline Value to_value(int64_t x) {
  return x;
}
inline Value to_value(double x) {
  return x;
}
/// The shortest decimal that is this float, 0.3 for 0.3F.
CORNU_API Value to_value(float x);
inline Value to_value(const std::string& x) {
  return x;
}
inline Value to_value(DType x) {
  return name(x);
}
CORNU_API Value to_value(const Shape& x);
CORNU_API Value to_value(const std::vector<int64_t>& x);
CORNU_API Value to_value(const std::vector<double>& x);
/// null for an empty optional, as Keras's None.
inline Value to_value(const std::optional<double>& x) {
  return x ? Value(*x) : Value();
}
inline Value to_value(const std::optional<int64_t>& x) {
  return x ? Value(*x) : Value();
}
inline Value to_value(const std::optional<std::string>& x) {
  return x ? Value(*x) : Value();
}
inline Value to_value(const std::vector<std::string>& x) {
  return Value::List(x.begin(), x.end());
}

inline void from_value(const Value& value, bool& x) {
  x = value.as_bool();
}
inline void from_value(const Value& value, int64_t& x) {
  x = value.as_int();
}
inline void from_value(const Value& value, double& x) {
  x = value.as_double();
}
inline void from_value(const Value& value, std::string& x) {
  x = value.as_string();
}
/// Error for a number past the largest float.
CORNU_API void from_value(const Value& value, float& x);
CORNU_API void from_value(const Value& value, DType& x);
CORNU_API void from_value(const Value& value, Shape& x);
/// From a list, or from one number.
CORNU_API void from_value(const Value& value, std::vector<int64_t>& x);
CORNU_API void from_value(const Value& value, std::vector<double>& x);
inline void from_value(const Value& value, std::optional<double>& x) {
  x = value.is_null() ? std::nullopt : std::optional(value.as_double());
}
inline void from_value(const Value& value, std::optional<int64_t>& x) {
  x = value.is_null() ? std::nullopt : std::optional(value.as_int());
}
inline void from_value(const Value& value, std::optional<std::string>& x) {
  x = value.is_null() ? std::nullopt : std::optional(value.as_string());
}
inline void from_value(const Value& value, std::vector<std::string>& x) {
  x.clear();
  for (const Value& each : value.as_list()) x.push_back(each.as_string());
}

/// The name and the options of a part.
struct NamedConfig {
  std::string name;
  Value::Map config = {};
};
/// As Keras writes it: {"class_name": …, "config": {…}}.
CORNU_API Value to_value(const NamedConfig& x);
/// From that, or from a name alone.
CORNU_API void from_value(const Value& value, NamedConfig& x);

/// The names of a struct's fields, in order.
template <class Options>
std::vector<std::string> field_names() {
  std::vector<std::string> names;
  Options options{};
  auto visitor = [&names](const char* field, auto&) { names.emplace_back(field); };
  Options::visit_fields(options, visitor);
  return names;
}

/// The fields as a map, in order.
template <class Options>
Value::Map fields_to_map(const Options& options) {
  Value::Map map;
  auto visitor = [&map](const char* field, const auto& x) { map.emplace_back(field, to_value(x)); };
  Options::visit_fields(options, visitor);
  return map;
}

/// Sets the fields that `map` names. Error for a name that is not a field (with the names, nearest
/// first), for one given twice, and for a value of the wrong kind.
template <class Options>
void fields_from_map(const Value::Map& map, Options& options, const std::string& where) {
  std::vector<std::string> known;
  std::vector<std::string> taken;
  auto visitor = [&](const char* field, auto& x) {
    known.emplace_back(field);
    for (const auto& [key, value] : map) {
      if (key != field) continue;
      for (const std::string& earlier : taken) {
        if (earlier == key) throw Error({.where = where, .what = key + " is given twice"});
      }
      taken.push_back(key);
      try {
        from_value(value, x);
      } catch (const Error& error) {
        ErrorParts parts = error.parts();
        parts.where = where + ": " + key;
        parts.field = key;
        throw Error(parts);
      }
    }
  };
  Options::visit_fields(options, visitor);
  for (const auto& [key, value] : map) {
    bool found = false;
    for (const std::string& field : known) found = found || field == key;
    if (!found) throw unknown_name(where, "option", key, known);
  }
}

}  // namespace cornu::inline v0
