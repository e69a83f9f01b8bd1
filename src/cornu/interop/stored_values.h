#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/tensor.h"
#include "cornu/formats/hdf5.h"
#include "cornu/graph/graph.h"
#include "cornu/interop/old_kernels.h"

namespace cornu::inline v0 {

/// A weight of a network, and the values that a file has for it.
struct StoredValue {
  Weight* weight;
  std::string where;  ///< the file and the place in it, for errors
  const formats::Hdf5Dataset* values;
  KernelForm form = {};
};

/// The error for a value whose shape today would not be the weight's; none if it is.
std::optional<Error> shape_mismatch(const StoredValue& value);

/// Error unless there is a value for every weight of the network.
CORNU_API void require_all(const std::vector<StoredValue>& values, const Graph& graph,
                           const std::string& where);

/// Reads them straight into the weights of a network that is dropped after an error. Error for
/// values of another shape or dtype than float32 and for some that are not finite.
CORNU_API void read_in_place(const std::vector<StoredValue>& values);

/// Reads them into memory of their own, for a network that keeps its weights after an error. Errors
/// as above.
CORNU_API std::vector<Tensor> read_all(const std::vector<StoredValue>& values);
/// Then sets the weights, which cannot fail.
CORNU_API void set_all(const std::vector<StoredValue>& values, const std::vector<Tensor>& numbers);

/// The numbers of a dataset of floats or integers as a tensor of this dtype. Error for another
/// type.
CORNU_API Tensor tensor_of(const formats::Hdf5Dataset& values, const std::string& where);

/// A dataset that views the tensor's memory.
CORNU_API formats::Hdf5Dataset dataset_of(const std::string& name, const Tensor& tensor);

}  // namespace cornu::inline v0
