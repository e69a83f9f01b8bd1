#pragma once

#include <nanobind/nanobind.h>

namespace cornu::python {

namespace nb = nanobind;

// Each adds one idea to the module.
void bind_errors(nb::module_& m);
void bind_arrays(nb::module_& m);
void bind_parts(nb::module_& m);
void bind_layers(nb::module_& m);
void bind_user_layers(nb::module_& m);
void bind_numpy_ops(nb::module_& m);
void bind_operations(nb::module_& m);
void bind_checks(nb::module_& m);
void bind_callbacks(nb::module_& m);
void bind_computing(nb::module_& m);
void bind_models(nb::module_& m);
void bind_training(nb::module_& m);
void bind_saving(nb::module_& m);
void bind_datasets(nb::module_& m);
void bind_pictures(nb::module_& m);

}  // namespace cornu::python
