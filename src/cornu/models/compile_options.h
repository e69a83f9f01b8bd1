#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/team.h"
#include "cornu/kernels/table.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/training/epoch_counts.h"

namespace cornu::inline v0 {

/// How plans are carried out; nothing here changes a bit of a result.
struct ExecutionOptions {
  kernels::Target target = kernels::best_target();
  std::shared_ptr<Team> team = nullptr;   ///< null: the process's own
  double minimum_work = 2e6;              ///< FLOPs below which a run stays on one thread
  std::vector<std::string> without = {};  ///< passes left out
};

struct CompileOptions {
  Optimizer optimizer = "adam";
  /// Of every output; required, here or in `losses`, to fit and evaluate.
  std::optional<Loss> loss = {};
  /// Of every output: counted over samples, and in `weighted_metrics` by their weights. Logs call
  /// the second of one name auc_1, the third auc_2, here and in `weighted_metrics` together. Error
  /// for a name that logs use otherwise: loss, epoch, seconds, learning_rate, and val_ in front.
  std::vector<Metric> metrics = {};
  std::vector<Metric> weighted_metrics = {};
  /// By the output's name. An output that has none here, nor `loss`, is not trained by itself. The
  /// loss that is minimized is the sum of each output's by its weight, 1 where none is given.
  std::map<std::string, Loss> losses = {};
  std::map<std::string, double> loss_weights = {};
  std::map<std::string, std::vector<Metric>> output_metrics = {};
  std::map<std::string, std::vector<Metric>> output_weighted_metrics = {};
  ExecutionOptions execution = {};
};

/// Compile options as they hold for the outputs of a network.
struct CompiledOutputs {
  std::vector<OutputLoss> losses;  ///< one an output
  Counted counted;
};

/// Error, naming the model `where`, when they name an output that is not there.
CORNU_API CompiledOutputs for_outputs(const CompileOptions& options,
                                      const std::vector<std::string>& outputs,
                                      const std::string& where);

}  // namespace cornu::inline v0
