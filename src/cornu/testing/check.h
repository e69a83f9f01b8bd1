#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cornu/graph/graph.h"
#include "cornu/losses/loss.h"

namespace cornu::inline v0::testing {

struct CheckOptions {
  int64_t rows = 3;   ///< samples in a batch, > 0
  uint64_t seed = 1;  ///< random seed of inputs and weights
  /// Inputs and weights are drawn with magnitudes within these bounds and either sign, so that
  /// they stay away from kinks at 0.
  double smallest = 0.1, largest = 1.5;
  /// Not 0: inputs are whole numbers from 0 to below it, and get no gradient.
  int64_t indices = 0;
  /// Whether no row's outputs depend on other rows: they must be the same alone as in a batch.
  bool row_by_row = true;
  /// Entries of each tensor that are differentiated numerically, approximately.
  int64_t max_entries = 300;
  /// A derivative may differ by atol + rtol · |expected|.
  double atol = 1e-7, rtol = 1e-5;
  /// Half of the derivatives that are not exactly 0 have to be larger, or the check proves little.
  double substantial = 1e-3;
  /// Bound on ‖float32 − float64‖₂ / ‖float64‖₂ of each gradient, on every target of this CPU.
  double float32_error = 1e-5;
};

/// The result of a check. `log` names every failure: tensor, element, found, expected.
struct CORNU_API CheckResult {
  bool ok = true;
  std::string log;
  int64_t entries = 0;      ///< derivatives compared
  int64_t zeros = 0;        ///< those that are exactly 0, numerically too
  int64_t substantial = 0;  ///< those larger than CheckOptions::substantial
  double worst_float32 = 0;

  void fail(const std::string& what);
  /// Whether at least half of the derivatives that are not exactly 0 are substantial; a check of
  /// tiny numbers proves little.
  bool trusted() const { return 2 * substantial >= entries - zeros && entries > zeros; }
};

/// Checks a layer on samples of these shapes, one per input (without the batch axis): the outputs
/// have the promised shapes in every mode; the config makes the same layer again; in training mode
/// the gradients of every input and trained weight agree with central differences (float64, through
/// the lowering that ships), and float32 gradients on every target with float64 ones; bits are the
/// same on every target and number of threads, and for a row alone and in a batch.
CORNU_API CheckResult check_layer(const Layer& layer, std::span<const Shape> samples,
                                  const CheckOptions& options = {});
/// The same for a layer of one input.
inline CheckResult check_layer(const Layer& layer, const Shape& sample,
                               const CheckOptions& options = {}) {
  return check_layer(layer, std::span(&sample, 1), options);
}

/// Checks the gradients of a whole network under a loss in the same way; `target` describes the
/// targets, which are generated.
CORNU_API CheckResult check_gradients(const Graph& graph, const Loss& loss, const Field& target,
                                      const CheckOptions& options = {});

}  // namespace cornu::inline v0::testing
