#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/team.h"
#include "cornu/kernels/target.h"
#include "cornu/losses/loss.h"
#include "cornu/metrics/metric.h"
#include "cornu/optimizers/optimizer.h"
#include "cornu/training/counted.h"

namespace cornu::inline v0 {

/// How plans are executed; nothing here changes a bit of a result.
struct ExecutionOptions {
  /// Instruction set; the CPU's best by default.
  kernels::Target target = kernels::best_target();
  /// Threads; null: the process's own team.
  std::shared_ptr<Team> team = nullptr;
  /// FLOPs of a step below which it runs on one thread, ≥ 0.
  double minimum_work = 2e6;
  /// Names of passes that are left out, for tests.
  std::vector<std::string> without = {};
};

/// The most shards of a batch.
inline constexpr int kMostShards = 1024;

/// compile()'s options, with Keras's names. Keras gives losses, weights and metrics of several
/// outputs in dicts; here they are `losses`, `loss_weights` and `output_metrics`, by the output's
/// name.
struct CompileOptions {
  /// How weights follow their gradients.
  Optimizer optimizer = "adam";
  /// Loss of every output; required, here or in `losses`, to fit and evaluate.
  std::optional<Loss> loss = {};
  /// Metrics of every output, averaged over the samples of an epoch. Of several called auc, logs
  /// name the second auc_1, the third auc_2, counting `weighted_metrics` too. Error for a name that
  /// logs use otherwise: loss, epoch, seconds, learning_rate, or one that begins with val_.
  std::vector<Metric> metrics = {};
  /// The same, with each sample counted by its weight.
  std::vector<Metric> weighted_metrics = {};
  /// Losses by output. An output with no loss here or in `loss` is not trained by itself. Training
  /// minimizes the sum of the outputs' losses, each times its weight.
  std::map<std::string, Loss> losses = {};
  /// Weights of the losses in that sum by output; an output that is not listed weighs 1.
  std::map<std::string, double> loss_weights = {};
  /// Metrics by output, beside `metrics`.
  std::map<std::string, std::vector<Metric>> output_metrics = {};
  /// Weighted metrics by output, beside `weighted_metrics`.
  std::map<std::string, std::vector<Metric>> output_weighted_metrics = {};
  /// Parts of each batch, 1 to kMostShards. Training adds up each of them by itself, and then the
  /// sums in order: sample i of n belongs to shard ⌊i · shards / n⌋. Weights differ in their last
  /// bits from those of another number, but not with who computes which shard: several processes
  /// that share a batch get the bits of one.
  int shards = 1;
  /// How the model's plans are executed; no result depends on it.
  ExecutionOptions execution = {};
};

/// Compile options resolved for the outputs of a network.
struct CompiledOutputs {
  std::vector<OutputLoss> losses;  ///< one per output
  Counted counted;
};

/// Error, which names the model `where`, for an unknown output.
CORNU_API CompiledOutputs for_outputs(const CompileOptions& options,
                                      const std::vector<std::string>& outputs,
                                      const std::string& where);

}  // namespace cornu::inline v0
