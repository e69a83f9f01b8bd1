#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// A configuration as data: the common form of JSON, `--net` text and options structs.
/// Maps keep the order in which their keys were written. Several threads may read a value at once.
class CORNU_API Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  Value(bool value) : data_(value) {}                           // NOLINT: converts on purpose
  Value(int value) : data_(int64_t{value}) {}                   // NOLINT
  Value(int64_t value) : data_(value) {}                        // NOLINT
  Value(double value) : data_(value) {}                         // NOLINT
  Value(const char* value) : data_(std::string(value)) {}       // NOLINT
  Value(std::string_view value) : data_(std::string(value)) {}  // NOLINT
  Value(std::string value) : data_(std::move(value)) {}         // NOLINT
  Value(List value) : data_(std::move(value)) {}                // NOLINT
  Value(Map value) : data_(std::move(value)) {}                 // NOLINT

  // libstdc++ destroys what is not there when there is no memory for the copy of a variant.
  Value(const Value& other);
  Value(Value&& other) noexcept = default;
  Value& operator=(const Value& other) { return *this = Value(other); }
  Value& operator=(Value&& other) noexcept = default;
  ~Value() = default;

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<int64_t>(data_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_map() const { return std::holds_alternative<Map>(data_); }

  /// The content. Error, naming the actual content, when it is of another kind.
  bool as_bool() const;
  int64_t as_int() const;
  double as_double() const;
  const std::string& as_string() const;
  const List& as_list() const;
  const Map& as_map() const;

  /// The value under `key` of a map, or nullptr.
  const Value* find(std::string_view key) const;
  /// The value under `key`. Error when this is no map or has no such key.
  const Value& operator[](std::string_view key) const;

  /// As `--net` writes it: 64, 0.5, true, none, relu, (2, 2), name(key=value).
  std::string str() const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, List, Map> data_;
};

/// The shortest text that reads back as the same number: 0.001, 1e-07, 3. All four functions write
/// a decimal point in any locale.
CORNU_API std::string shortest(double value);
/// As printf writes %.4f for 4 decimals: 0.2500.
CORNU_API std::string fixed(double value, int decimals);
/// As printf writes %.4e for 4 decimals: 2.5000e-01.
CORNU_API std::string scientific(double value, int decimals);
/// As printf writes %.3g for 3 digits: 0.25, 1.23e+08.
CORNU_API std::string significant(double value, int digits);

}  // namespace cornu::inline v0
