#pragma once

#include <nanobind/ndarray.h>

#include <vector>

#include "bindings.h"
#include "cornu/core/tensor.h"
#include "cornu/datasets/dataset.h"

namespace cornu::python {

/// An array of the caller, in rows and on the CPU; it may be read-only.
using Array = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;

/// The elements where they are. Error for a type that no Tensor has.
TensorView view_of(const Array& array);
std::vector<TensorView> views_of(const std::vector<Array>& arrays);

/// A NumPy array that takes over the elements.
nb::object array_from(Tensor tensor);
/// A NumPy array over elements that `owner` keeps.
nb::object array_over(TensorView view, const Dataset& owner);

}  // namespace cornu::python
