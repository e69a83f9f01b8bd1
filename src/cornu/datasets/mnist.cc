#include "cornu/datasets/mnist.h"

#include "cornu/datasets/load.h"

namespace cornu::inline v0::datasets {

DatasetParts mnist(const DatasetOptions& options) {
  return load("mnist", options);
}

}  // namespace cornu::inline v0::datasets
