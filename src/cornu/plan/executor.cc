#include "cornu/plan/executor.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

#include "cornu/core/float_mode.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/run_op.h"
#include "cornu/plan/workspace_internal.h"

namespace cornu::inline v0 {
namespace {

// Room for the packed panels of the deepest product, a member.
int64_t scratch_numbers(const Plan& plan) {
  int64_t depth = 0;
  for (const Op& op : plan.ops) {
    const auto* product = std::get_if<ops::Product>(&op.what);
    if (product == nullptr) continue;
    const SlotId x = op.in[ops::Product::kX];
    depth = std::max(depth, product->x_transposed ? plan.lines(x) : plan.slot(x).shape.back());
  }
  return kernels::product_pack_size(depth);
}

template <class T>
std::vector<DecodedBytes<T>> decoded_bytes(const Plan& plan, const kernels::TableOf<T>& table) {
  std::array<uint8_t, 256> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  std::vector<DecodedBytes<T>> all;
  const FloatMode mode;
  for (const Op& op : plan.ops) {
    const auto* product = std::get_if<ops::Product>(&op.what);
    if (product == nullptr || !product->decode) continue;
    const ops::Decode decode = *product->decode;
    if (std::ranges::any_of(all, [&](const auto& each) { return each.decode == decode; })) continue;
    all.push_back({decode, {}});
    table.decode({.x = bytes.data(),
                  .dtype = DType::uint8,
                  .y = all.back().numbers.data(),
                  .size = 256,
                  .divisor = static_cast<T>(decode.divisor),
                  .offset = static_cast<T>(decode.offset)});
  }
  return all;
}

/// The steps of a run: named by one member two ahead, gathered by all of them one ahead. What
/// they throw is kept until everyone is through.
class Pipeline {
 public:
  explicit Pipeline(Steps& steps) : steps_(steps) {}

  const Step& at(int64_t step) const { return ring_[static_cast<size_t>(step % 4)]; }

  /// Whether there is such a step. Members agree, since whoever ends a run does so before a barrier
  /// that all others have yet to pass.
  bool has(int64_t step) const {
    return step < end_.load(std::memory_order_relaxed) && at(step).batch != nullptr;
  }

  void name(int64_t step) {
    Step& next = ring_[static_cast<size_t>(step % 4)];
    next = {};
    guard(step, [&] { next = steps_.next(); });
  }

  /// False where the rows are not there, since something was thrown here or elsewhere.
  bool gather(int64_t step, const Range& rows) {
    bool gathered = false;
    guard(step, [&] {
      if (rows.size() > 0) steps_.gather(at(step), rows.begin, rows.end);
      gathered = true;
    });
    return gathered;
  }

  void done(int64_t step) {
    // The others may have begun the next step.
    guard(step + 2, [&] { steps_.done(at(step)); });
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  // Calls f unless something was thrown before; what it throws ends the run before step `end`.
  template <class F>
  void guard(int64_t end, const F& f) {
    if (has_failed_.load(std::memory_order_relaxed)) return;
    try {
      f();
    } catch (...) {
      if (has_failed_.exchange(true, std::memory_order_relaxed)) return;
      thrown_ = std::current_exception();
      end_.store(end, std::memory_order_relaxed);
    }
  }

  Steps& steps_;
  std::array<Step, 4> ring_;
  std::atomic<int64_t> end_ = std::numeric_limits<int64_t>::max();
  std::atomic<bool> has_failed_ = false;
  std::exception_ptr thrown_;
};

/// Adds up the time of the first member, op by op.
class Stopwatch {
 public:
  explicit Stopwatch(std::vector<double>* seconds) : seconds_(seconds) {
    if (seconds_ != nullptr) last_ = Clock::now();
  }
  void lap(size_t op) {
    if (seconds_ == nullptr) return;
    const auto now = Clock::now();
    (*seconds_)[op] += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<double>* seconds_;
  Clock::time_point last_;
};

template <class T>
class PlanExecutor final : public Executor {
 public:
  PlanExecutor(Plan plan, const Bind& bind, const kernels::TableOf<T>& table,
               ExecutorOptions options)
      : plan_(std::move(plan)),
        table_(table),
        options_(std::move(options)),
        scratch_bytes_(scratch_numbers(plan_) * static_cast<int64_t>(sizeof(T))),
        decoded_(decoded_bytes(plan_, table)),
        flops_of_one_(plan_.flops(1)),
        flops_of_two_(plan_.flops(2)) {
    for (const Slot& slot : plan_.slots) {
      const bool ours = slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
      bound_.push_back(ours && slot.base == kNone ? bind(slot) : nullptr);
    }
  }

  const Plan& plan() const override { return plan_; }

  std::unique_ptr<Workspace> make_workspace() const override {
    auto workspace =
        std::make_unique<ArenaWorkspace>(plan_, bound_, scratch_bytes_, most_members());
    if (options_.measure) workspace->seconds().resize(plan_.ops.size() + 2);
    return workspace;
  }

  int members(int64_t rows) const override {
    const double flops =
        flops_of_one_ + (flops_of_two_ - flops_of_one_) * static_cast<double>(rows - 1);
    return flops < options_.minimum_work ? 1 : most_members();
  }

  void run(Steps& steps, Workspace& given) const override {
    const FloatMode mode;
    auto& workspace = static_cast<ArenaWorkspace&>(given);
    Pipeline pipeline(steps);
    const auto body = [&](Team::Member& member) { run_member(pipeline, workspace, member); };
    pipeline.name(0);
    if (pipeline.has(0) && members(plan_.capacity) > 1) {
      options_.team->run(members(pipeline.at(0).batch->rows), body);
    } else {
      Team::Member alone = Team::alone();
      body(alone);
    }
    pipeline.rethrow();
  }

  TensorView value(SlotId id, const Workspace& given, int64_t rows) const override {
    const Slot& slot = plan_.slot(id);
    const auto& workspace = static_cast<const ArenaWorkspace&>(given);
    return {workspace.memory(0)[id], slot.shape.with_rows(rows), slot.dtype};
  }

  std::vector<double> op_seconds(const Workspace& given) const override {
    return static_cast<const ArenaWorkspace&>(given).seconds();
  }

 private:
  int most_members() const {
    return options_.team ? std::min(options_.team->size(), plan_.members) : 1;
  }

  Frame<T> frame(const Step& step, ArenaWorkspace& workspace, int member, int members) const {
    return {plan_,
            workspace.memory(member),
            workspace.rows(member),
            step.batch->rows,
            *step.batch,
            step.context,
            table_,
            member,
            members,
            reinterpret_cast<T*>(workspace.scratch(member)),
            decoded_};
  }

  // What a member does for a step before it runs: its rows of the batch, and what is made of them.
  void prepare(Pipeline& pipeline, int64_t at, ArenaWorkspace& workspace,
               const Team::Member& member) const {
    if (!pipeline.has(at)) return;
    const Step& step = pipeline.at(at);
    assert(step.batch->rows >= 1 && step.batch->rows <= plan_.capacity);
    workspace.turn_to(member.index(), at, *step.batch, ArenaWorkspace::Filled::no);
    const Frame<T> prepared = frame(step, workspace, member.index(), member.count());
    Stopwatch watch = stopwatch(workspace, member.index());
    if (!pipeline.gather(at, prepared.gathered_rows())) return;
    watch.lap(plan_.ops.size() + 1);
    // The first member has counted the step before meanwhile.
    const bool is_last = member.index() + 1 == member.count();
    for (size_t i = 0; i < plan_.ops.size(); ++i) {
      const Op& op = plan_.ops[i];
      if (op.phase != Phase::prepare || (op.split == Split::one && !is_last)) continue;
      run_op(op, prepared);
      watch.lap(i);
    }
  }

  void run_member(Pipeline& pipeline, ArenaWorkspace& workspace, Team::Member& member) const {
    const bool is_first = member.index() == 0;
    const bool is_last = member.index() + 1 == member.count();
    const bool is_alone = member.count() == 1;
    const bool whole_team = !is_alone && member.count() == plan_.members;
    if (whole_team) workspace.load_columns(member.index());
    if (!is_alone) {
      if (is_last) pipeline.name(1);
      prepare(pipeline, 0, workspace, member);
      member.barrier();
    }
    for (int64_t at = 0;; ++at) {
      // Alone there is nobody to be ahead of.
      if (is_last && (!is_alone || at > 0)) pipeline.name(is_alone ? at : at + 2);
      prepare(pipeline, is_alone ? at : at + 1, workspace, member);
      if (!pipeline.has(at)) break;
      const Step& step = pipeline.at(at);
      workspace.turn_to(member.index(), at, *step.batch, ArenaWorkspace::Filled::yes);
      run_step(frame(step, workspace, member.index(), member.count()), workspace, member);
      if (is_first) pipeline.done(at);
    }
    if (whole_team) workspace.store_columns(member.index());
  }

  void run_step(const Frame<T>& frame, ArenaWorkspace& workspace, Team::Member& member) const {
    Stopwatch watch = stopwatch(workspace, frame.member);
    for (size_t i = 0; i < plan_.ops.size(); ++i) {
      const Op& op = plan_.ops[i];
      if (op.phase == Phase::prepare) continue;
      if (op.barrier) {
        member.barrier();
        watch.lap(plan_.ops.size());
      }
      if (op.phase == Phase::update && !frame.context.closes) continue;
      if (op.split == Split::one && frame.member != 0) continue;
      run_op(op, frame);
      watch.lap(i);
    }
    if (plan_.barrier_at_end) {
      member.barrier();
      watch.lap(plan_.ops.size());
    }
  }

  Stopwatch stopwatch(ArenaWorkspace& workspace, int member) const {
    return Stopwatch(options_.measure && member == 0 ? &workspace.seconds() : nullptr);
  }

  Plan plan_;
  const kernels::TableOf<T>& table_;
  ExecutorOptions options_;
  int64_t scratch_bytes_;
  std::vector<DecodedBytes<T>> decoded_;
  double flops_of_one_, flops_of_two_;
  std::vector<std::byte*> bound_;
};

/// Steps of which there is one.
class OneStep final : public Steps {
 public:
  OneStep(Batch& batch, const Context& context) : step_{&batch, context} {}
  Step next() override { return std::exchange(step_, {}); }
  void gather(const Step&, int64_t, int64_t) override {}
  void done(const Step&) override {}

 private:
  Step step_;
};

}  // namespace

void Executor::run(Batch& batch, const Context& context, Workspace& workspace) const {
  OneStep step(batch, context);
  run(step, workspace);
}

std::unique_ptr<Executor> make_executor(Plan plan, const Bind& bind,
                                        const ExecutorOptions& options) {
  const kernels::Table& table = kernels::table(options.target);
  return std::make_unique<PlanExecutor<float>>(std::move(plan), bind, table, options);
}

template <class T>
std::unique_ptr<Executor> make_reference_executor(Plan plan, const Bind& bind) {
  lay_out(plan);
  return std::make_unique<PlanExecutor<T>>(std::move(plan), bind, kernels::reference_table<T>(),
                                           ExecutorOptions{.team = nullptr});
}

template CORNU_API std::unique_ptr<Executor> make_reference_executor<float>(Plan, const Bind&);
template CORNU_API std::unique_ptr<Executor> make_reference_executor<double>(Plan, const Bind&);

}  // namespace cornu::inline v0
