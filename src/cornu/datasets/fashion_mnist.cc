#include "cornu/datasets/fashion_mnist.h"

#include "cornu/datasets/load.h"

namespace cornu::inline v0::datasets {

DatasetParts fashion_mnist(const DatasetOptions& options) {
  return load("fashion_mnist", options);
}

}  // namespace cornu::inline v0::datasets
