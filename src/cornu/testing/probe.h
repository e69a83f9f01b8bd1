#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cornu/plan/executor.h"
#include "cornu/testing/check.h"

namespace cornu::inline v0::testing {

/// A plan with its gradients, and the tensors that it runs on, in one precision.
class Probe {
 public:
  /// The weights of a layer and of those inside it.
  static std::vector<NamedWeight> weights_of(Layer layer, const std::string& around = "");
  /// The plan of a layer for L = Σ seed · y, so that dL/dy is `seed`. `x` are the inputs' shapes,
  /// with the batch axis.
  static Plan layer_plan(const Layer& layer, const Shapes& x, Mode mode, DType real, int64_t rows);
  /// The plan of a network; L is the loss's mean over the rows plus the penalties of the weights.
  static Plan loss_plan(const Graph& graph, const Loss& loss, const Field& target, DType real,
                        int64_t rows);

  /// Float64 on the plain-loop reference.
  Probe(Plan plan, const std::vector<NamedWeight>& weights);
  /// Float32 on a target with `threads` threads.
  Probe(Plan plan, const std::vector<NamedWeight>& weights, kernels::Target target, int threads);

  /// Draws inputs, targets (or seeds) and weights again, the same numbers in every precision.
  void draw(const CheckOptions& options);
  void run();

  const Plan& plan() const { return executor_->plan(); }
  TensorView value(SlotId slot) const { return executor_->value(slot, *workspace_, batch_.rows); }
  /// L after a run.
  double objective() const;
  /// A tensor that the check changes, and the slot with its gradient.
  struct Variable {
    std::string name;
    Tensor* values;
    SlotId gradient;
    bool is_input;
  };
  std::vector<Variable> variables();
  Batch& batch() { return batch_; }

 private:
  void allocate(const Plan& plan, const std::vector<NamedWeight>& weights);
  Bind bind();

  std::vector<std::pair<std::string, Tensor>> weights_;
  std::vector<uint64_t> ids_;
  Batch batch_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace cornu::inline v0::testing
