#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// A part in Cornu's form, from Keras's: a name, a function, or {class_name, config} of any of its
/// versions. Options lose their modules, and those that are None, which stands for the default;
/// a number that is exactly a float32 becomes the shortest decimal of that float, since Keras keeps
/// 0.001 as 0.0010000000474974513.
CORNU_API Value plain(const Value& keras);

/// The map that Keras 3 writes around each object.
CORNU_API Value::Map keras_object(Value module, std::string_view class_name, Value::Map config);

/// The value under a key of a map; null if there is none, or no map.
CORNU_API const Value& value_under(const Value& map, std::string_view key);

/// The class's name without the package of user-defined classes: "Adam" of "Custom>Adam".
CORNU_API std::string_view class_of(std::string_view registered);

}  // namespace cornu::inline v0
