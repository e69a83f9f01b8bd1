#pragma once

#include <nanobind/operators.h>

#include "bindings.h"

namespace cornu::python {

/// +, − and · of two objects of the class, and of one with a number.
template <class T>
void bind_arithmetic(nb::class_<T>& type) {
  type.def(nb::self + nb::self)
      .def(nb::self - nb::self)
      .def(nb::self * nb::self)
      .def(nb::self + double())
      .def(double() + nb::self)
      .def(nb::self - double())
      .def(double() - nb::self)
      .def(nb::self * double())
      .def(double() * nb::self)
      .def(-nb::self);
}

}  // namespace cornu::python
