#pragma once

#include "bindings.h"
#include "cornu/models/model.h"

namespace cornu::python {

/// A model in a Python object, of the class that it is: only a Sequential has add and pop.
nb::object object_of(Model model);

}  // namespace cornu::python
