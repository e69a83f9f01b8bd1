#pragma once

#include <string>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"
#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

/// Targets whose rows are one-hot, (n, classes) of 0 and one 1 each, as integer labels (n,); others
/// as they are.
CORNU_API Tensor as_labels(Tensor targets);

/// The names "0", "1", … of the classes of integer labels, as far as the largest of both arrays;
/// none if the targets are other numbers. Error for labels below 0 or above 65,535.
CORNU_API std::vector<std::string> numbered_classes(TensorView train, TensorView test,
                                                    const std::string& where);

/// The same samples with their labels as a model numbers its classes: by their names if it has all
/// of them, else, where they are named by their numbers, by these. Error that names a class that
/// the model does not have.
CORNU_API Dataset in_classes(const Dataset& data, const std::vector<std::string>& names);

}  // namespace cornu::inline v0::datasets
