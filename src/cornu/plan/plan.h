#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/source.h"
#include "cornu/core/target_domain.h"
#include "cornu/graph/graph.h"
#include "cornu/losses/loss.h"
#include "cornu/optimizers/optimizer.h"

namespace cornu::inline v0 {

/// One of `count` processes that share each batch.
struct Part {
  int index = 0;
  int count = 1;
  /// Whether each updates its slice of the weights alone, and has the moments of that slice only.
  bool updates_slices = false;
};

/// The domain of the targets that a loss or a metric takes.
struct TargetRule {
  size_t target;
  TargetDomain domain;
  std::string taker;  ///< "loss binary_crossentropy"
};

/// The result of compile(): a flat list of ops over slots, for any number of rows up to `capacity`.
/// A value: print it, compare it, rewrite it.
struct Plan {
  Mode mode = Mode::predict;
  DType real = DType::float32;
  int64_t capacity = 0;
  Part part = {};         ///< the shards of this process
  int shards = 1;         ///< parts of a batch whose sums over rows are added in order
  int64_t row_grain = 1;  ///< rows of a batch that one member gathers together
  std::vector<Slot> slots = {};
  std::vector<Op> ops = {};
  Slots inputs = {}, targets = {}, outputs = {};
  Slots sample_weights = {};  ///< weights of the samples in losses
  std::vector<TargetRule> target_rules = {};
  std::vector<LossTerm> losses = {};
  Slots penalties = {};  ///< the values of regularizers, one number each
  /// The losses that metrics average, by the metric's place in PlanOptions::metrics; kNone: none.
  Slots metric_losses = {};
  std::vector<std::string> passes = {};  ///< those that have rewritten it, in order

  /// The number of shards of this process, and the first of them.
  int own_shards() const { return shards / part.count; }
  int first_shard() const { return own_shards() * part.index; }
  const Slot& slot(SlotId id) const { return slots[static_cast<size_t>(id)]; }
  /// The slot whose memory `id` is.
  SlotId base(SlotId id) const { return slot(id).base == kNone ? id : slot(id).base; }
  /// The most lines along the last axis of a slot: rows times the axes between.
  int64_t lines(SlotId id) const { return slot(id).shape.size(capacity) / slot(id).shape.back(); }
  /// The slots that are read when a step is done: outputs, losses and penalties.
  CORNU_API Slots results() const;
  /// The slot's memory under another shape.
  CORNU_API SlotId reshaped(SlotId id, const Shape& shape);
  /// The numbers of a slot in a batch of `rows` rows, of all shards together.
  int64_t size(SlotId id, int64_t rows) const {
    return slot(id).shards * slot(id).shape.size(rows);
  }
  /// Arithmetic of one run of `rows` rows.
  CORNU_API double flops(int64_t rows) const;
};

/// A metric of an output of the network, and the loss that it averages, if it does.
struct MetricLoss {
  std::optional<Loss> loss = {};
  size_t output = 0;
};

struct PlanOptions {
  Mode mode = Mode::predict;             ///< the use of the plan
  int64_t capacity = 0;                  ///< the most rows of a run
  DType real = DType::float32;           ///< float64 for the reference
  int shards = 1;                        ///< of a batch in training, 1 or more
  Part part = {};                        ///< whose count divides `shards`
  std::vector<MetricLoss> metrics = {};  ///< computed beside the losses, not minimized
};

/// The plan of a network on data of `spec`: forward; with losses (one per output) in training and
/// evaluate modes; backward in training, and the updates of an optimizer that is not null. Error
/// when data, network and losses do not fit each other.
CORNU_API Plan make_plan(const Graph& graph, const Spec& spec,
                         const std::vector<OutputLoss>& losses, const Optimizer* optimizer,
                         const PlanOptions& options);

/// The plan of a loss alone, on outputs x[0] and targets y[0]. Error when they do not fit each
/// other.
CORNU_API Plan make_loss_plan(const Loss& loss, const Spec& spec, const PlanOptions& options);

/// Error when data of these inputs cannot be fed to the network.
CORNU_API void check_inputs(const Graph& graph, const Spec& spec);

}  // namespace cornu::inline v0
