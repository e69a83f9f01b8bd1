#include "callback_state.h"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "arrays.h"
#include "cornu/core/error.h"
#include "values.h"

namespace cornu::python {
namespace {

// {"__array__": "0"} stands for the first tensor, {"__int__": "1267650600228229401496703205376"}
// for a number that int64 does not hold.
constexpr const char* kArray = "__array__";
constexpr const char* kInt = "__int__";
constexpr int kDeepest = 64;

/// Makes data of Python's objects.
class Writer {
 public:
  explicit Writer(CallbackState& state) : state_(state) {}

  Value::Map map_of(nb::handle dict, int depth) {
    Value::Map map;
    for (const auto [key, value] : nb::borrow<nb::dict>(dict)) {
      if (!nb::isinstance<nb::str>(key)) {
        throw refusal("texts as the keys of dicts",
                      "the key " + nb::cast<std::string>(nb::repr(key)));
      }
      std::string name = nb::cast<std::string>(key);
      if (name == kArray || name == kInt) throw refusal("other keys", name);
      map.emplace_back(std::move(name), value_of(value, depth + 1));
    }
    return map;
  }

 private:
  Value value_of(nb::handle object, int depth) {
    if (depth > kDeepest) throw refusal("64 lists and dicts within each other at most", "more");
    if (nb::isinstance<nb::dict>(object)) return map_of(object, depth);
    if (nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object)) {
      Value::List list;
      for (const nb::handle each : object) list.push_back(value_of(each, depth + 1));
      return list;
    }
    const nb::module_ numpy = nb::module_::import_("numpy");
    if (nb::isinstance(object, numpy.attr("ndarray"))) {
      return array_of(numpy.attr("asarray")(object, nb::arg("order") = "C"));
    }
    if (nb::isinstance(object, numpy.attr("generic")))
      return value_of(object.attr("item")(), depth);
    if (PyLong_Check(object.ptr()) && !PyBool_Check(object.ptr())) return int_of(object);
    if (object.is_none() || PyBool_Check(object.ptr()) || nb::isinstance<nb::float_>(object) ||
        nb::isinstance<nb::str>(object)) {
      return value_from(object);
    }
    throw refusal("texts, numbers, None, lists, dicts and NumPy arrays",
                  nb::cast<std::string>(object.type().attr("__name__")));
  }

  Value array_of(const nb::object& array) {
    std::string number = std::to_string(state_.tensors.size());
    state_.tensors.emplace_back(number, Tensor(view_of(nb::cast<Array>(array))));
    return Value::Map{{kArray, std::move(number)}};
  }

  static Value int_of(nb::handle object) {
    int64_t number = 0;
    if (nb::try_cast(object, number)) return number;
    return Value::Map{{kInt, nb::cast<std::string>(nb::str(object))}};
  }

  Error refusal(std::string expected, std::string found) const {
    return Error({.where = state_.name + ".state()",
                  .expected = std::move(expected),
                  .found = std::move(found)});
  }

  CallbackState& state_;
};

/// Makes the objects again.
class Reader {
 public:
  explicit Reader(const CallbackState& state) : state_(state) {}

  nb::dict dict_of(const Value::Map& map) const {
    nb::dict dict;
    for (const auto& [key, value] : map) dict[nb::str(key.c_str(), key.size())] = object_of(value);
    return dict;
  }

 private:
  nb::object object_of(const Value& value) const {
    if (value.is_list()) {
      nb::list list;
      for (const Value& each : value.as_list()) list.append(object_of(each));
      return list;
    }
    if (!value.is_map()) return python::object_from(value);
    if (const Value* const number = value.find(kArray)) return array_of(number->as_string());
    if (const Value* const digits = value.find(kInt)) {
      const nb::object made =
          nb::steal(PyLong_FromString(digits->as_string().c_str(), nullptr, 10));
      if (!made.is_valid()) throw nb::python_error();
      return made;
    }
    return dict_of(value.as_map());
  }

  nb::object array_of(const std::string& number) const {
    const auto found = std::ranges::find_if(state_.tensors,
                                            [&](const auto& each) { return each.first == number; });
    if (found != state_.tensors.end()) return array_from(Tensor(found->second));
    throw Error({.kind = ErrorKind::corrupt,
                 .where = "the state of " + state_.name,
                 .what = "has no array " + number});
  }

  const CallbackState& state_;
};

}  // namespace

CallbackState state_from(const std::string& name, nb::handle dict) {
  if (!nb::isinstance<nb::dict>(dict)) {
    throw Error({.where = name + ".state()",
                 .expected = "a dict",
                 .found = nb::cast<std::string>(dict.type().attr("__name__"))});
  }
  CallbackState state{.name = name};
  state.values = Writer(state).map_of(dict, 0);
  return state;
}

nb::dict object_from(const CallbackState& state) {
  return Reader(state).dict_of(state.values);
}

}  // namespace cornu::python
