#include "cornu/core/fields.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace cornu::inline v0 {

Value to_value(const Shape& x) {
  Value::List list;
  for (int64_t extent : x.extents()) list.push_back(extent == kRows ? Value() : Value(extent));
  return list;
}

Value to_value(float x) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  double shown = 0;
  std::from_chars(text.data(), end, shown);
  return shown;
}

void from_value(const Value& value, float& x) {
  const double number = value.as_double();
  constexpr float kMost = std::numeric_limits<float>::max();
  if (std::isfinite(number) && std::abs(number) > double{kMost}) {
    throw Error({.where = "value",
                 .expected = "a number within float32's ±3.4028235e+38",
                 .found = value.str()});
  }
  x = static_cast<float>(number);
}

void from_value(const Value& value, DType& x) {
  const std::vector<std::string> names = {"uint8", "int32", "int64", "float32", "float64"};
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == value.as_string()) {
      x = static_cast<DType>(i);
      return;
    }
  }
  throw unknown_name("dtype", "dtype", value.as_string(), names);
}

void from_value(const Value& value, Shape& x) {
  if (value.is_int()) {
    x = {value.as_int()};
    return;
  }
  std::vector<int64_t> extents;
  for (const Value& extent : value.as_list()) {
    extents.push_back(extent.is_null() ? kRows : extent.as_int());
  }
  x = Shape(extents);
}

Value to_value(const std::vector<int64_t>& x) {
  return Value::List(x.begin(), x.end());
}

Value to_value(const std::vector<double>& x) {
  return Value::List(x.begin(), x.end());
}

void from_value(const Value& value, std::vector<double>& x) {
  x.clear();
  if (!value.is_list()) {
    x.push_back(value.as_double());
    return;
  }
  for (const Value& each : value.as_list()) x.push_back(each.as_double());
}

void from_value(const Value& value, std::vector<int64_t>& x) {
  x.clear();
  if (value.is_int()) {
    x.push_back(value.as_int());
    return;
  }
  for (const Value& each : value.as_list()) x.push_back(each.as_int());
}

Value to_value(const NamedConfig& x) {
  return Value::Map{{"class_name", x.name}, {"config", x.config}};
}

void from_value(const Value& value, NamedConfig& x) {
  x = {};
  if (value.is_string()) {
    x.name = value.as_string();
    return;
  }
  x.name = value["class_name"].as_string();
  if (const Value* config = value.find("config")) x.config = config->as_map();
}

}  // namespace cornu::inline v0
