#pragma once

#include "cornu/datasets/dataset.h"
#include "cornu/datasets/options.h"

namespace cornu::inline v0::datasets {

/// Fashion-MNIST: 60,000 training and 10,000 test images of clothes in MNIST's form, uint8
/// (n, 28, 28), with uint8 labels (n,); searched for and downloaded as `load` does.
/// Source: Xiao, Rasul, Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
/// Learning Algorithms" (2017).
CORNU_API DatasetParts fashion_mnist(const DatasetOptions& options = {});

}  // namespace cornu::inline v0::datasets
