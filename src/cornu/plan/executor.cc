#include "cornu/plan/executor.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <map>
#include <mutex>
#include <utility>

#include "cornu/core/float_mode.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/pipeline_internal.h"
#include "cornu/plan/run_op.h"
#include "cornu/plan/workspace_internal.h"

namespace cornu::inline v0 {
namespace {

// The scratch that one member needs for any op.
template <class T>
int64_t scratch_numbers(const Plan& plan) {
  int64_t most = kernels::product_pack_size(0);
  for (const Op& op : plan.ops) {
    std::visit(
        [&]<class X>(const X& x) {
          if constexpr (requires { scratch_numbers<T>(x, op, plan); }) {
            most = std::max(most, scratch_numbers<T>(x, op, plan));
          }
        },
        op.what);
  }
  return most;
}

template <class T>
std::vector<DecodedBytes<T>> decoded_bytes(const Plan& plan, const kernels::TableOf<T>& table) {
  std::array<uint8_t, 256> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  std::vector<DecodedBytes<T>> all;
  const FloatMode mode;
  for (const Op& op : plan.ops) {
    if (!op.fused.decode) continue;
    const ops::Decode decode = *op.fused.decode;
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

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Adds up the time of a member, op by op.
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
        scratch_bytes_(scratch_numbers<T>(plan_) * static_cast<int64_t>(sizeof(T))),
        decoded_(decoded_bytes(plan_, table)),
        flops_of_one_(plan_.flops(1)),
        flops_of_two_(plan_.flops(2)) {
    for (const Slot& slot : plan_.slots) {
      const bool ours = slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
      bound_.push_back(ours && slot.base == kNone ? bind(slot) : nullptr);
    }
    largest_ = make_schedule(plan_, worth_it(plan_.capacity), options_.without);
  }

  const Plan& plan() const override { return plan_; }

  std::unique_ptr<Workspace> make_workspace() const override {
    const Sizing sizing =
        options_.measure || !options_.team ? Sizing::fixed : options_.team->sizing();
    auto workspace =
        std::make_unique<ArenaWorkspace>(plan_, bound_, scratch_bytes_, sizing, largest_.members);
    if (options_.communicator != nullptr) workspace->share_with(*options_.communicator);
    workspace->use(largest_);
    if (options_.measure) workspace->measure(plan_.ops.size() + 2);
    return workspace;
  }

  int members(int64_t rows) const override { return std::min(worth_it(rows), largest_.members); }

  const Schedule& schedule(int members) const override {
    if (members == largest_.members) return largest_;
    const std::lock_guard lock(mutex_);
    auto& made = smaller_[members];
    if (!made) {
      made = std::make_unique<Schedule>(make_schedule(plan_, members, options_.without));
    }
    return *made;
  }

  TeamUse team_use(const Workspace& workspace) const override {
    return static_cast<const ArenaWorkspace&>(workspace).count().use();
  }

  void run(Steps& steps, Workspace& given) const override {
    const FloatMode mode;
    auto& workspace = static_cast<ArenaWorkspace&>(given);
    Pipeline pipeline(steps);
    pipeline.ask_for(0);
    if (pipeline.has(0)) {
      const int most = members(pipeline.at(0).batch->rows);
      for (int64_t at = 0; pipeline.has(at); pipeline.ask_for(at)) {
        at = run_segment(pipeline, workspace, at, most);
      }
    }
    workspace.store_shared();
    pipeline.rethrow();
  }

  // None may still read those of before.
  void share_weights(Workspace& given) const override {
    auto& workspace = static_cast<ArenaWorkspace&>(given);
    if (workspace.across() == nullptr) return;
    workspace.across()->meet();
    workspace.load_shared();
    workspace.across()->meet();
  }

  void gather_states(Workspace& given) const override {
    std::vector<std::span<T>> states;
    for (const Op& op : plan_.ops) {
      if (!op.of_slice) continue;
      for (const SlotId id : op.out) {
        if (plan_.slot(id).kind != SlotKind::state) continue;
        states.emplace_back(reinterpret_cast<T*>(bound_[static_cast<size_t>(id)]),
                            static_cast<size_t>(plan_.slot(id).shape.size()));
      }
    }
    if (!states.empty()) static_cast<ArenaWorkspace&>(given).across()->spread(states);
  }

  TensorView value(SlotId id, const Workspace& given, int64_t rows) const override {
    const Slot& slot = plan_.slot(id);
    const auto& workspace = static_cast<const ArenaWorkspace&>(given);
    return {workspace.memory(0)[id], slot.shape.with_rows(rows), slot.dtype};
  }

  std::vector<std::vector<double>> op_seconds(const Workspace& given) const override {
    return static_cast<const ArenaWorkspace&>(given).seconds();
  }

 private:
  // The number of members worth waking for a run of `rows` rows.
  int worth_it(int64_t rows) const {
    const double flops =
        flops_of_one_ + (flops_of_two_ - flops_of_one_) * static_cast<double>(rows - 1);
    return flops < options_.minimum_work || !options_.team ? 1 : options_.team->size();
  }

  Frame<T> frame(const Step& step, ArenaWorkspace& workspace, int member, int members) const {
    return {plan_,
            *workspace.schedule(),
            workspace.memory(member),
            workspace.rows(member),
            step.batch->rows,
            *step.batch,
            step.context,
            table_,
            member,
            members,
            reinterpret_cast<T*>(workspace.scratch(member)),
            decoded_,
            workspace.shards(member, step.batch->all_rows()),
            workspace.across(),
            step.batch->all_rows()};
  }

  // Runs steps from `begin` on, on up to `most` members, as long as their number stays the same.
  // Returns the first step that has not been run.
  int64_t run_segment(Pipeline& pipeline, ArenaWorkspace& workspace, int64_t begin,
                      int most) const {
    const int members = std::min(most, workspace.count().now());
    const Schedule& now = schedule(members);
    Segment segment(begin, &now != workspace.schedule());
    if (workspace.count().changes_every_step()) segment.end_before(begin + 1);
    workspace.use(now);
    if (members > 1) {
      options_.team->run(members, [&](Team::Member& member) {
        // The team is busy, so this member runs alone.
        if (member.count() == 1) workspace.use(schedule(1));
        run_member(pipeline, segment, workspace, member);
      });
    } else {
      Team::Member alone = Team::alone();
      run_member(pipeline, segment, workspace, alone);
    }
    // All members have ended and stored their columns.
    if (segment.unreported()) pipeline.done(*segment.unreported());
    return segment.reached();
  }

  // A member's work for a step before it runs: gathering and preparing its rows of the batch.
  void prepare(Pipeline& pipeline, int64_t at, ArenaWorkspace& workspace,
               const Team::Member& member) const {
    if (!pipeline.has(at)) return;
    const Step& step = pipeline.at(at);
    assert(step.batch->all_rows() >= 1 && step.batch->rows <= plan_.capacity);
    workspace.turn_to(member.index(), at, *step.batch, ArenaWorkspace::Filled::no);
    const Frame<T> prepared = frame(step, workspace, member.index(), member.count());
    Stopwatch watch = stopwatch(workspace, member.index());
    if (!pipeline.gather(at, prepared.gathered_rows())) return;
    watch.lap(plan_.ops.size() + 1);
    // The last member runs these, since the first one has just counted a step.
    const bool is_last = member.index() + 1 == member.count();
    const std::vector<Op>& ops = workspace.schedule()->ops;
    for (size_t i = 0; i < ops.size(); ++i) {
      const Op& op = ops[i];
      if (op.phase != Phase::prepare || (op.split == Split::one && !is_last)) continue;
      pipeline.carry_out(at, [&] { run_op(op, prepared); });
      watch.lap(i);
    }
  }

  void run_member(Pipeline& pipeline, Segment& segment, ArenaWorkspace& workspace,
                  Team::Member& member) const {
    const bool is_first = member.index() == 0;
    const bool is_last = member.index() + 1 == member.count();
    const bool is_alone = member.count() == 1;
    const bool is_timed = is_first && workspace.count().is_timed();
    if (is_timed) workspace.count().begin(seconds_now());
    if (!is_alone) {
      workspace.load_columns(member.index());
      if (is_last) pipeline.ask_for(segment.begin() + 1);
      prepare(pipeline, segment.begin(), workspace, member);
      member.barrier();
    }
    double waited = 0;
    if (segment.is_change()) {
      // Waking members takes time once, which is not counted.
      if (is_timed) workspace.count().begin(seconds_now());
      waited = member.waited();
    }
    for (int64_t at = segment.begin(); at < segment.end(); ++at) {
      // A single member need not run ahead.
      if (is_last) pipeline.ask_for(is_alone ? at : at + 2);
      const int64_t next = is_alone ? at : at + 1;
      if (next < segment.end()) prepare(pipeline, next, workspace, member);
      if (!pipeline.has(at)) break;
      const Step& step = pipeline.at(at);
      workspace.turn_to(member.index(), at, *step.batch, ArenaWorkspace::Filled::yes);
      run_step(pipeline, at, frame(step, workspace, member.index(), member.count()), workspace,
               member);
      workspace.add_waited(member.index(),
                           member.waited() - std::exchange(waited, member.waited()));
      if (!is_first) continue;
      segment.ran(at);
      if (!is_alone && (at + 1 == segment.end() || !pipeline.has(at + 1))) {
        segment.report_later(at);
      } else {
        pipeline.done(at);
      }
      count_step(at, segment, workspace, member);
    }
    if (!is_alone) workspace.store_columns(member.index());
  }

  // Counts a step, and ends the segment if another number of members is to run the next ones.
  void count_step(int64_t at, Segment& segment, ArenaWorkspace& workspace,
                  const Team::Member& member) const {
    MemberCount& count = workspace.count();
    const bool is_due = count.step(member.count(), count.is_timed() ? seconds_now() : 0);
    if (!is_due || segment.is_ending() || !count.decide(workspace.waited())) return;
    // The others may have begun the next step and prepared the one after it.
    segment.end_before(member.count() == 1 ? at + 1 : at + 3);
  }

  void run_step(Pipeline& pipeline, int64_t at, const Frame<T>& frame, ArenaWorkspace& workspace,
                Team::Member& member) const {
    Stopwatch watch = stopwatch(workspace, frame.member);
    const Schedule& schedule = frame.schedule;
    for (size_t i = 0; i < schedule.ops.size(); ++i) {
      const Op& op = schedule.ops[i];
      if (op.phase == Phase::prepare) continue;
      if (op.barrier) {
        member.barrier();
        watch.lap(schedule.ops.size());
      }
      if (op.phase == Phase::update && !frame.context.closes) continue;
      if (op.split == Split::one && frame.member != 0) continue;
      if (frame.rows == 0 && touches_rows(op)) continue;
      pipeline.carry_out(at, [&] { run_op(op, frame); });
      watch.lap(i);
    }
    if (schedule.barrier_at_end) {
      member.barrier();
      watch.lap(schedule.ops.size());
    }
  }

  // A process may have no row of a short batch.
  bool touches_rows(const Op& op) const {
    const auto has_rows = [&](SlotId id) { return id != kNone && plan_.slot(id).shape.has_rows(); };
    return std::ranges::any_of(op.in, has_rows) || std::ranges::any_of(op.out, has_rows);
  }

  Stopwatch stopwatch(ArenaWorkspace& workspace, int member) const {
    return Stopwatch(options_.measure ? &workspace.seconds(member) : nullptr);
  }

  Plan plan_;
  const kernels::TableOf<T>& table_;
  ExecutorOptions options_;
  int64_t scratch_bytes_;
  std::vector<DecodedBytes<T>> decoded_;
  double flops_of_one_, flops_of_two_;
  std::vector<std::byte*> bound_;
  Schedule largest_;
  mutable std::mutex mutex_;
  mutable std::map<int, std::unique_ptr<Schedule>> smaller_;
};

/// A single step.
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
  return std::make_unique<PlanExecutor<T>>(
      std::move(plan), bind, kernels::reference_table<T>(),
      ExecutorOptions{.team = nullptr, .without = {"share_memory"}});
}

template CORNU_API std::unique_ptr<Executor> make_reference_executor<float>(Plan, const Bind&);
template CORNU_API std::unique_ptr<Executor> make_reference_executor<double>(Plan, const Bind&);

}  // namespace cornu::inline v0
