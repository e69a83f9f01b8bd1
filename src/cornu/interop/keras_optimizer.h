#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/graph.h"
#include "cornu/interop/old_kernels.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// An optimizer's variables as Keras keeps them.
struct KerasOptimizer {
  int64_t steps = 0;                         ///< its variable `iteration`
  std::optional<double> learning_rate = {};  ///< none if it has a schedule
  /// Cornu's states under Cornu's names.
  std::vector<std::pair<std::string, Tensor>> states = {};
};

/// A variable and its name, for files that name them.
struct OptimizerVariable {
  std::string name;  ///< "sequential_dense_kernel_momentum"
  Tensor value;
};

/// From variables in the order of Keras 3: iteration, learning_rate, and the states of each weight
/// that trains, `weights` in order of layers. Nothing but the first two before a fit. Error for
/// another number of variables, and for another shape or dtype.
CORNU_API KerasOptimizer optimizer_from_keras(const std::vector<Tensor>& variables,
                                              const Optimizer& optimizer,
                                              const std::vector<NamedWeight>& weights,
                                              const std::string& where);

/// The order of Keras 3 for variables that an .h5 file names otherwise: Keras and tf.keras up to
/// 2.10 listed all m before all v. `forms` says for each weight how such a file has its numbers.
/// Empty if they cannot be told apart.
CORNU_API std::vector<Tensor> in_todays_order(std::vector<Tensor> variables,
                                              const std::vector<std::string>& names,
                                              const Optimizer& optimizer,
                                              const std::vector<KernelForm>& forms);

/// The variables in that order.
CORNU_API std::vector<OptimizerVariable> optimizer_to_keras(
    const KerasOptimizer& state, const Optimizer& optimizer,
    const std::vector<NamedWeight>& weights);

}  // namespace cornu::inline v0
