#include "cornu/plan/executor.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "cornu/core/float_mode.h"
#include "cornu/plan/passes.h"
#include "cornu/plan/run_op.h"

namespace cornu::inline v0 {
namespace {

class ArenaWorkspace final : public Workspace {
 public:
  ArenaWorkspace(const Plan& plan, const std::vector<std::byte*>& bound, int64_t scratch_bytes)
      : arena_(Shape{plan.arena_bytes + scratch_bytes}, DType::uint8), memory_(bound) {
    for (size_t id = 0; id < memory_.size(); ++id) {
      if (plan.slots[id].offset >= 0) memory_[id] = arena_.data() + plan.slots[id].offset;
    }
    for (size_t id = 0; id < memory_.size(); ++id) {
      memory_[id] = memory_[static_cast<size_t>(plan.base(static_cast<SlotId>(id)))];
    }
  }

  std::byte* memory(SlotId id) const { return memory_[static_cast<size_t>(id)]; }
  std::byte* const* memory() const { return memory_.data(); }
  std::byte* scratch(const Plan& plan) { return arena_.data() + plan.arena_bytes; }

  // Inputs are read where the batch has them.
  void bind_batch(const Plan& plan, const Batch& batch) {
    const auto bind = [&](const Slots& slots, const std::vector<Tensor>& tensors) {
      for (size_t i = 0; i < slots.size(); ++i) {
        memory_[static_cast<size_t>(slots[i])] = const_cast<std::byte*>(tensors[i].data());
      }
    };
    bind(plan.inputs, batch.x);
    bind(plan.targets, batch.y);
    for (size_t id = 0; id < memory_.size(); ++id) {
      const SlotId base = plan.slots[id].base;
      if (base != kNone && plan.slot(base).kind == SlotKind::input) {
        memory_[id] = memory_[static_cast<size_t>(base)];
      }
    }
  }

 private:
  Tensor arena_;
  std::vector<std::byte*> memory_;
};

// Room for the packed panels of the deepest product, a member.
int64_t scratch_numbers(const Plan& plan) {
  int64_t depth = 0;
  for (const Op& op : plan.ops) {
    const auto* product = std::get_if<ops::Product>(&op.what);
    if (product == nullptr) continue;
    const Shape& x = plan.slot(op.in[0]).shape;
    const int64_t lines = x.size(plan.capacity) / x.back();
    depth = std::max(depth, product->x_transposed ? lines : x.back());
  }
  return kernels::product_pack_size(depth);
}

template <class T>
class PlanExecutor final : public Executor {
 public:
  PlanExecutor(Plan plan, const Bind& bind, const kernels::TableOf<T>& table,
               ExecutorOptions options)
      : plan_(std::move(plan)),
        table_(table),
        options_(std::move(options)),
        scratch_(scratch_numbers(plan_)) {
    for (const Slot& slot : plan_.slots) {
      const bool ours = slot.kind == SlotKind::weight || slot.kind == SlotKind::state;
      bound_.push_back(ours && slot.base == kNone ? bind(slot) : nullptr);
    }
  }

  const Plan& plan() const override { return plan_; }

  std::unique_ptr<Workspace> make_workspace() const override {
    return std::make_unique<ArenaWorkspace>(plan_, bound_, scratch_bytes() * team_size());
  }

  int members(int64_t rows) const override {
    return plan_.flops(rows) < options_.minimum_work ? 1 : team_size();
  }

  void run(const Batch& batch, const Context& context, Workspace& given) const override {
    assert(batch.rows >= 1 && batch.rows <= plan_.capacity);
    auto& workspace = static_cast<ArenaWorkspace&>(given);
    workspace.bind_batch(plan_, batch);
    const auto body = [&](Team::Member& member) {
      auto* scratch = workspace.scratch(plan_) + member.index() * scratch_bytes();
      const Frame<T> frame{plan_,
                           workspace.memory(),
                           batch.rows,
                           batch,
                           context,
                           table_,
                           member.index(),
                           member.count(),
                           reinterpret_cast<T*>(scratch)};
      run_member(frame, member);
    };
    if (options_.team) {
      options_.team->run(members(batch.rows), body);
    } else {
      const FloatMode mode;
      Team::Member alone = Team::alone();
      body(alone);
    }
  }

  TensorView value(SlotId id, const Workspace& given, int64_t rows) const override {
    const Slot& slot = plan_.slot(id);
    const auto& workspace = static_cast<const ArenaWorkspace&>(given);
    return {workspace.memory(id), slot.shape.with_rows(rows), slot.dtype};
  }

 private:
  int team_size() const { return options_.team ? options_.team->size() : 1; }
  int64_t scratch_bytes() const { return scratch_ * static_cast<int64_t>(sizeof(T)); }

  Plan plan_;
  const kernels::TableOf<T>& table_;
  ExecutorOptions options_;
  int64_t scratch_;
  std::vector<std::byte*> bound_;
};

}  // namespace

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
