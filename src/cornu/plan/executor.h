#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/core/team.h"
#include "cornu/core/tensor.h"
#include "cornu/kernels/table.h"
#include "cornu/plan/schedule.h"
#include "cornu/plan/team_use.h"

namespace cornu::inline v0 {

/// The numbers of a step besides its batch.
struct Context {
  uint64_t seed = 0;
  uint64_t epoch = 0;  ///< epochs begun in the model's life, not this fit's
  double learning_rate = 0;
  int64_t updates = 0;  ///< of the weights, before this step
  bool closes = true;   ///< whether update ops run
};

/// A batch to run and the numbers of its step; `batch` is null after the last.
struct Step {
  Batch* batch = nullptr;
  Context context = {};
};

/// The source of an executor's steps, which is also called when they are done. The three functions
/// may be called on different threads at the same time, but each for a different step; `done` is
/// called by the thread that called run.
class CORNU_API Steps {
 public:
  virtual ~Steps() = default;
  /// The next step: the samples and rows of its batch are chosen, but need not be filled yet. Two
  /// steps before it may be under way and a third not done with its batch, so four batches are used
  /// in turn.
  virtual Step next() = 0;
  /// Fills rows [begin, end) of the step's batch. All members call it at the same time, each for
  /// other rows, while the step before runs.
  virtual void gather(const Step& step, int64_t begin, int64_t end) = 0;
  /// A step is done and Executor::value gives its results. The next may be running already, unless
  /// next() has returned none: then weights and states are in the model's memory.
  virtual void done(const Step& step) = 0;
};

/// The memory of a weight or a state, which outlives the executor.
using Bind = std::function<std::byte*(const Slot&)>;

/// The memory of one run: an arena and the places of its slots. One run at a time uses it.
class CORNU_API Workspace {
 public:
  virtual ~Workspace() = default;
};

/// Carries out a plan. `run` is const: several runs on different workspaces may take place at the
/// same time if their plan writes no weight and no state.
class CORNU_API Executor {
 public:
  virtual ~Executor() = default;
  virtual const Plan& plan() const = 0;
  virtual std::unique_ptr<Workspace> make_workspace() const = 0;
  /// Runs one step after the other, each on its batch's rows (1 … capacity), until next() has no
  /// more. It allocates only at the first use of a number of members. An exception from `steps` or
  /// from a user-defined op ends the run and is rethrown by it.
  virtual void run(Steps& steps, Workspace& workspace) const = 0;
  /// Lets processes that share a batch take the weights that they have in common from their models.
  /// All of them call it before their first step, and before others if weights may have changed.
  virtual void share_weights(Workspace&) const {}
  /// Gives each of the processes that share a batch all of the states of which it has updated its
  /// slice. All of them call it after the same step.
  virtual void gather_states(Workspace&) const {}
  /// One step, on a batch that is filled.
  void run(Batch& batch, const Context& context, Workspace& workspace) const;
  /// The most members that a run of `rows` rows uses, if the team is free.
  virtual int members(int64_t rows) const = 0;
  /// The schedule for a number of members; made on first use, and kept.
  virtual const Schedule& schedule(int members) const = 0;
  /// The number of members that ran the steps on a workspace, and the reason.
  virtual TeamUse team_use(const Workspace& workspace) const = 0;
  /// The value of a slot after a step of `rows` rows.
  virtual TensorView value(SlotId slot, const Workspace& workspace, int64_t rows) const = 0;
  /// Of each thread, the calling one first: seconds that it has spent in each op of the schedule,
  /// if `measure` was set; then those at barriers, and those spent gathering.
  virtual std::vector<std::vector<double>> op_seconds(const Workspace& workspace) const = 0;
};

struct ExecutorOptions {
  kernels::Target target = kernels::best_target();  ///< instruction set; the CPU's best by default
  std::shared_ptr<Team> team = process_team();      ///< null: the calling thread alone
  /// Steps of fewer FLOPs than this run on the calling thread alone.
  double minimum_work = 2e6;
  bool measure = false;                   ///< whether each op is timed
  std::vector<std::string> without = {};  ///< schedule passes to leave out
  Communicator* communicator = nullptr;   ///< of the processes that share a batch; null: one
};

/// The CPU executor: float32 vector kernels over the team.
CORNU_API std::unique_ptr<Executor> make_executor(Plan plan, const Bind& bind,
                                                  const ExecutorOptions& options = {});

/// The reference: plain loops on one thread, T = float or double as the plan's `real` says.
template <class T>
CORNU_API std::unique_ptr<Executor> make_reference_executor(Plan plan, const Bind& bind);

}  // namespace cornu::inline v0
