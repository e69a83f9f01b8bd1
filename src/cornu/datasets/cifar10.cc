#include "cornu/datasets/cifar10.h"

#include "cornu/datasets/load.h"

namespace cornu::inline v0::datasets {

DatasetParts cifar10(const DatasetOptions& options) {
  return load("cifar10", options);
}

}  // namespace cornu::inline v0::datasets
