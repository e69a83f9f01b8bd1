#pragma once

#include "bindings.h"
#include "cornu/training/callback.h"

namespace cornu::python {

/// Those of a Python list: callbacks of the library, and Python objects with hooks.
Callbacks callbacks_from(const nb::list& list);

nb::dict dict_from(const Logs& logs);

}  // namespace cornu::python
