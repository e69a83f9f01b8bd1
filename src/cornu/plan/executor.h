#pragma once

#include <functional>
#include <memory>

#include "cornu/core/team.h"
#include "cornu/core/tensor.h"
#include "cornu/kernels/table.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {

/// What a step knows beside its batch.
struct Context {
  uint64_t seed = 0;
  uint64_t epoch = 0;  ///< epochs begun in the model's life, not this fit's
  double learning_rate = 0;
  bool closes = true;  ///< whether update ops run
};

/// The memory of a weight or a state, which outlives the executor.
using Bind = std::function<std::byte*(const Slot&)>;

/// The memory of one run: an arena and where its slots lie. One run at a time uses it.
class CORNU_API Workspace {
 public:
  virtual ~Workspace() = default;
};

/// Carries out a plan. `run` is const: runs on different workspaces may go on at the same time as
/// long as their plan writes no weight and no state.
class CORNU_API Executor {
 public:
  virtual ~Executor() = default;
  virtual const Plan& plan() const = 0;
  virtual std::unique_ptr<Workspace> make_workspace() const = 0;
  /// One run on batch.rows (1 … capacity) rows.
  virtual void run(const Batch& batch, const Context& context, Workspace& workspace) const = 0;
  /// Members of the team that a run of `rows` rows uses when the team is free.
  virtual int members(int64_t rows) const = 0;
  /// What a slot holds after a run of `rows` rows.
  virtual TensorView value(SlotId slot, const Workspace& workspace, int64_t rows) const = 0;
};

struct ExecutorOptions {
  kernels::Target target = kernels::best_target();
  std::shared_ptr<Team> team = process_team();
  /// A run of fewer FLOPs than this is not worth waking the team for.
  double minimum_work = 2e6;
};

/// The CPU executor: float32 vector kernels over the team.
CORNU_API std::unique_ptr<Executor> make_executor(Plan plan, const Bind& bind,
                                                  const ExecutorOptions& options = {});

/// The reference: plain loops on one thread, T = float or double as the plan's `real` says.
template <class T>
CORNU_API std::unique_ptr<Executor> make_reference_executor(Plan plan, const Bind& bind);

}  // namespace cornu::inline v0
