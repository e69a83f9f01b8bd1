#pragma once

#include "cornu/datasets/dataset.h"
#include "cornu/datasets/options.h"

namespace cornu::inline v0::datasets {

/// CIFAR-10: 50,000 training and 10,000 test photographs of ten kinds of things, uint8
/// (n, 32, 32, 3), with uint8 labels (n,); searched for and downloaded as `load` does.
/// Source: Alex Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009).
CORNU_API DatasetParts cifar10(const DatasetOptions& options = {});

}  // namespace cornu::inline v0::datasets
