#pragma once

#include <memory>
#include <utility>

#include "bindings.h"

namespace cornu::python {

/// A Python object that is released on any thread, with or without the GIL.
using Held = std::shared_ptr<const nb::object>;

inline Held hold(nb::object object) {
  return {new nb::object(std::move(object)), [](const nb::object* held) {
            const nb::gil_scoped_acquire gil;
            delete held;
          }};
}

}  // namespace cornu::python
