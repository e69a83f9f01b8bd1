#include "cornu/core/value.h"

#include <array>
#include <charconv>

#include "cornu/core/error.h"

namespace cornu::inline v0 {
namespace {

[[noreturn]] void wrong_kind(const char* expected, const Value& found) {
  throw Error({.where = "value", .expected = expected, .found = found.str()});
}

}  // namespace

namespace {

// The longest double has 309 digits before its point.
template <class... Format>
std::string written(Format... format) {
  std::array<char, 400> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), format...).ptr;
  return {text.data(), end};
}

}  // namespace

std::string shortest(double value) {
  return written(value);
}
std::string fixed(double value, int decimals) {
  return written(value, std::chars_format::fixed, decimals);
}
std::string scientific(double value, int decimals) {
  return written(value, std::chars_format::scientific, decimals);
}
std::string significant(double value, int digits) {
  return written(value, std::chars_format::general, digits);
}

Value::Value(const Value& other) {
  std::visit(
      [this](const auto& value) {
        auto copy = value;
        data_ = std::move(copy);
      },
      other.data_);
}

bool Value::as_bool() const {
  if (const auto* value = std::get_if<bool>(&data_)) return *value;
  wrong_kind("true or false", *this);
}

int64_t Value::as_int() const {
  if (const auto* value = std::get_if<int64_t>(&data_)) return *value;
  wrong_kind("a whole number", *this);
}

double Value::as_double() const {
  if (const auto* value = std::get_if<double>(&data_)) return *value;
  if (const auto* value = std::get_if<int64_t>(&data_)) return static_cast<double>(*value);
  wrong_kind("a number", *this);
}

const std::string& Value::as_string() const {
  if (const auto* value = std::get_if<std::string>(&data_)) return *value;
  wrong_kind("a name", *this);
}

const Value::List& Value::as_list() const {
  if (const auto* value = std::get_if<List>(&data_)) return *value;
  wrong_kind("a list", *this);
}

const Value::Map& Value::as_map() const {
  if (const auto* value = std::get_if<Map>(&data_)) return *value;
  wrong_kind("a map", *this);
}

const Value* Value::find(std::string_view key) const {
  if (const auto* map = std::get_if<Map>(&data_)) {
    for (const auto& [name, value] : *map) {
      if (name == key) return &value;
    }
  }
  return nullptr;
}

const Value& Value::operator[](std::string_view key) const {
  if (const Value* value = find(key)) return *value;
  as_map();
  throw Error({.kind = ErrorKind::not_found,
               .where = "value",
               .what = "has no \"" + std::string(key) + "\""});
}

std::string Value::str() const {
  if (const auto* value = std::get_if<bool>(&data_)) return *value ? "true" : "false";
  if (const auto* value = std::get_if<int64_t>(&data_)) return std::to_string(*value);
  if (const auto* value = std::get_if<double>(&data_)) return shortest(*value);
  if (const auto* value = std::get_if<std::string>(&data_)) return *value;
  std::string text;
  if (const auto* list = std::get_if<List>(&data_)) {
    for (const Value& each : *list) text += (text.empty() ? "" : ", ") + each.str();
    return "(" + text + ")";
  }
  if (const auto* map = std::get_if<Map>(&data_)) {
    for (const auto& [name, value] : *map) {
      text += (text.empty() ? "" : ", ") + name + "=" + value.str();
    }
    return "(" + text + ")";
  }
  return "none";
}

}  // namespace cornu::inline v0
