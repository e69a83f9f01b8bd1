#pragma once

#include <string>

#include "bindings.h"
#include "cornu/training/fit_state.h"

namespace cornu::python {

/// What a callback's state() returned, as data: a dict of texts, numbers, None, lists, dicts and
/// NumPy arrays, within each other in any way. Error for anything else.
CallbackState state_from(const std::string& name, nb::handle dict);

/// The dict again, in which tuples are lists and NumPy's numbers are Python's.
nb::dict object_from(const CallbackState& state);

}  // namespace cornu::python
