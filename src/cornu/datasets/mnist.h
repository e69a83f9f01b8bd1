#pragma once

#include "cornu/datasets/dataset.h"
#include "cornu/datasets/options.h"

namespace cornu::inline v0::datasets {

/// MNIST: 60,000 training and 10,000 test images of handwritten digits, uint8 (n, 28, 28), with
/// uint8 labels (n,); searched for and downloaded as `load` does.
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits" (1998).
CORNU_API DatasetParts mnist(const DatasetOptions& options = {});

}  // namespace cornu::inline v0::datasets
