#include "values.h"

#include <nanobind/stl/string.h>

#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/fields.h"

namespace cornu::python {

Value value_from(nb::handle object) {
  if (object.is_none()) return {};
  if (PyBool_Check(object.ptr())) return nb::cast<bool>(object);
  if (nb::isinstance<nb::int_>(object)) return nb::cast<int64_t>(object);
  if (nb::isinstance<nb::float_>(object)) return nb::cast<double>(object);
  if (nb::isinstance<nb::str>(object)) return nb::cast<std::string>(object);
  if (nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object)) {
    Value::List list;
    for (const nb::handle each : object) list.push_back(value_from(each));
    return list;
  }
  if (nb::isinstance<nb::dict>(object)) return map_from(nb::borrow<nb::dict>(object));
  // Parts of Cornu, NumPy's numbers and arrays, and paths.
  for (const char* const method : {"__cornu_value__", "tolist", "__fspath__"}) {
    if (nb::hasattr(object, method)) return value_from(object.attr(method)());
  }
  throw Error({.where = "options",
               .expected = "a number, a text, a list, a dict or a part of Cornu",
               .found = nb::cast<std::string>(nb::str(object.type().attr("__name__")))});
}

Value::Map map_from(const nb::dict& options) {
  Value::Map map;
  for (const auto [key, value] : options) {
    map.emplace_back(nb::cast<std::string>(nb::str(key)), value_from(value));
  }
  return map;
}

nb::object object_from(const Value& value) {
  if (value.is_bool()) return nb::bool_(value.as_bool());
  if (value.is_int()) return nb::int_(value.as_int());
  if (value.is_number()) return nb::float_(value.as_double());
  if (value.is_string()) return nb::str(value.as_string().c_str(), value.as_string().size());
  if (value.is_map()) return dict_from(value.as_map());
  if (!value.is_list()) return nb::none();
  nb::list list;
  for (const Value& each : value.as_list()) list.append(object_from(each));
  return list;
}

nb::dict dict_from(const Value::Map& map) {
  nb::dict dict;
  for (const auto& [key, value] : map) dict[key.c_str()] = object_from(value);
  return dict;
}

nb::tuple tuple_from(const Shape& shape) {
  nb::list extents;
  for (const int64_t extent : shape.extents()) {
    extents.append(extent == kRows ? nb::none() : nb::object(nb::int_(extent)));
  }
  return nb::tuple(extents);
}

Shape shape_from(nb::handle extents) {
  std::vector<int64_t> list;
  from_value(value_from(extents), list);
  return Shape(list);
}

}  // namespace cornu::python
