#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "bindings.h"
#include "cornu/core/error.h"

namespace cornu::python {
namespace {

struct Wording {
  std::string_view in_cpp, in_python;
};
// The library's hints show calls in C++; what they are in Python.
constexpr std::array kWordings = {
    Wording{"build({784})", "build((None, 784))"},
    Wording{"Input({784})", "Input((784,))"},
    Wording{R"(compile({.optimizer = "adam", .loss = …, .metrics = {"accuracy"}}))",
            R"(compile("adam", loss=…, metrics=["accuracy"]))"},
    Wording{"compile({.loss = …})", "compile(loss=…)"},
    Wording{"Model({x}, {y})", "Model([x], [y])"},
    Wording{"F1Score({.threshold = 0.5})", "F1Score(threshold=0.5)"},
    Wording{", or give the sample's shape: model_from_json(json, {.sample = Shape{…}})", ""},
    Wording{"call training().stop();", "set self.model.stop_training = True;"},
    Wording{"({a, b})", "([a, b])"},
    Wording{"{.compile = false}", "compile=False"},
    Wording{"give it to load_model(path, {.custom_objects = …}), or load the model without: ",
            "give it to load_model(path, custom_objects={…}), or load the model without: "},
    Wording{"let its rewind() begin again, or fit fewer epochs",
            "a generator gives its batches once: steps_per_epoch divides them into epochs, and a "
            "sequence or arrays begin again"},
    Wording{"samples by number, for several processes, got a stream",
            "arrays, for several processes, got a generator or sequence"},
    Wording{" by --data-dir or CORNU_DATASETS", " by load_data(path) or CORNU_DATASETS"},
};

std::string in_python(std::string text) {
  for (const auto& [in_cpp, in_python] : kWordings) {
    for (size_t at = 0; (at = text.find(in_cpp, at)) != std::string::npos; at += in_python.size()) {
      text.replace(at, in_cpp.size(), in_python);
    }
  }
  return text;
}

void translate(const std::exception_ptr& thrown, void* type) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    PyErr_SetString(static_cast<PyObject*>(type), in_python(error.what()).c_str());
  }
}

}  // namespace

void bind_errors(nb::module_& m) {
  const nb::exception<Error> type(m, "Error", PyExc_ValueError);
  type.attr("__doc__") =
      "A mistake that the caller can correct: the text names its place, the value found, the value "
      "expected and the remedy.";
  nb::register_exception_translator(translate, type.ptr());
  m.def("nearest_first", [](const std::string& name, const std::vector<std::string>& names) {
    return nearest_first(name, names);
  });
}

}  // namespace cornu::python
