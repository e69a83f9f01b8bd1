#pragma once

#include "bindings.h"
#include "cornu/core/shape.h"
#include "cornu/core/value.h"

namespace cornu::python {

/// A Python object as data: None, bool, numbers, str, path, list, tuple, dict, NumPy's numbers and
/// arrays, and objects with a method __cornu_value__. Error for another.
Value value_from(nb::handle object);
Value::Map map_from(const nb::dict& options);

/// Lists for lists, dicts for maps, None for null.
nb::object object_from(const Value& value);
nb::dict dict_from(const Value::Map& map);

/// As NumPy's: a tuple, with None for the batch axis.
nb::tuple tuple_from(const Shape& shape);
/// From a tuple, a list, or one number.
Shape shape_from(nb::handle extents);

}  // namespace cornu::python
