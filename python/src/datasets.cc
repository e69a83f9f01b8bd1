#include <nanobind/stl/string.h>

#include <string>

#include "arrays.h"
#include "bindings.h"
#include "cornu/datasets/load.h"

namespace cornu::python {
namespace {

nb::tuple arrays_of(const Dataset& part) {
  return nb::make_tuple(array_over(part.x(), part), array_over(part.y(), part));
}

// ((x_train, y_train), (x_test, y_test)), as they are stored.
nb::tuple load_data(const std::string& name, const std::string& folder) {
  DatasetParts parts;
  {
    const nb::gil_scoped_release released;
    parts = datasets::load(name, {.data_dir = folder});
  }
  return nb::make_tuple(arrays_of(parts.train), arrays_of(parts.test));
}

}  // namespace

void bind_datasets(nb::module_& m) {
  m.def("load_data", load_data);
}

}  // namespace cornu::python
