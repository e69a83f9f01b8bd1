#pragma once

#include <vector>

#include "bindings.h"
#include "cornu/layers/layer.h"

namespace cornu::python {

/// The layers and tensors of a Python list.
std::vector<Layer> layers_from(const nb::list& list);
SymbolicTensors tensors_from(const nb::list& list);
nb::list list_from(const SymbolicTensors& tensors);

}  // namespace cornu::python
