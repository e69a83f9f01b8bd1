#pragma once

#include "cornu/datasets/dataset.h"

namespace cornu::inline v0::datasets {

/// 4,000 training and 1,000 test digits that are part of the library: uint8 images (n, 20, 20)
/// and labels (n,), classes interleaved. They are MNIST training images made smaller, so they
/// cannot be used to test a model that was trained on MNIST.
CORNU_API DatasetParts digits();

}  // namespace cornu::inline v0::datasets
