#include "cornu/interop/keras_part.h"

#include <utility>

#include "cornu/core/fields.h"

namespace cornu::inline v0 {
namespace {

Value number(const Value& value) {
  if (value.is_int() || !value.is_number()) return value;
  const double exact = value.as_double();
  const auto rounded = static_cast<float>(exact);
  return static_cast<double>(rounded) == exact ? to_value(rounded) : value;
}

// Which tf.keras wrote into initializers, too.
bool is_usual_dtype(const std::string& key, const Value& value) {
  return key == "dtype" && value == Value("float32");
}

// {"name": "WeightRegularizer", "l1": 0, "l2": 0.01} of Keras 1.
bool is_old_regularizer(const Value& value) {
  const Value* const name = value.find("name");
  return name != nullptr && name->is_string() && name->as_string().ends_with("Regularizer");
}

Value todays_regularizer(const Value& value) {
  NamedConfig part{.name = "L1L2"};
  for (const auto& [key, option] : value.as_map()) {
    if (key != "name") part.config.emplace_back(key, number(option));
  }
  return to_value(part);
}

}  // namespace

Value plain(const Value& keras) {
  if (keras.is_list()) {
    Value::List list;
    for (const Value& each : keras.as_list()) list.push_back(plain(each));
    return list;
  }
  if (!keras.is_map()) return number(keras);
  const Value* class_name = keras.find("class_name");
  if (class_name == nullptr) return is_old_regularizer(keras) ? todays_regularizer(keras) : keras;
  const Value* config = keras.find("config");
  // A function, such as an activation, may be written with the class name "function".
  if (*class_name == Value("function") && config != nullptr) return *config;
  NamedConfig part{.name = std::string(class_of(class_name->as_string()))};
  if (config != nullptr && config->is_map()) {
    for (const auto& [key, option] : config->as_map()) {
      if (!option.is_null() && !is_usual_dtype(key, option)) {
        part.config.emplace_back(key, plain(option));
      }
    }
  }
  return to_value(part);
}

Value::Map keras_object(Value module, std::string_view class_name, Value::Map config) {
  return {{"module", std::move(module)},
          {"class_name", class_name},
          {"config", std::move(config)},
          {"registered_name", Value()}};
}

const Value& value_under(const Value& map, std::string_view key) {
  static const Value none;
  const Value* const found = map.is_map() ? map.find(key) : nullptr;
  return found == nullptr ? none : *found;
}

std::string_view class_of(std::string_view registered) {
  const size_t package = registered.rfind('>');
  return package == std::string_view::npos ? registered : registered.substr(package + 1);
}

}  // namespace cornu::inline v0
