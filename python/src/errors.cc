#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

#include "bindings.h"
#include "cornu/core/error.h"

namespace cornu::python {

void bind_errors(nb::module_& m) {
  const nb::exception<Error> type(m, "Error", PyExc_ValueError);
  type.attr("__doc__") =
      "A mistake that the caller can correct: the text names its place, the value found, the value "
      "expected and the remedy.";
  m.def("nearest_first", [](const std::string& name, const std::vector<std::string>& names) {
    return nearest_first(name, names);
  });
}

}  // namespace cornu::python
