#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "cornu/plan/executor.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// An arena for a team of so many members: slots that they share, then what each has of its own.
/// Each member has its own sight of where slots lie, which turns with the steps.
class ArenaWorkspace final : public Workspace {
 public:
  ArenaWorkspace(const Plan& plan, const std::vector<std::byte*>& bound, int64_t scratch_bytes,
                 int members)
      : plan_(plan),
        scratch_bytes_((scratch_bytes + kLine - 1) / kLine * kLine),
        arena_(Shape{plan.arena_bytes + members * (plan.member_bytes + scratch_bytes_)},
               DType::uint8),
        members_(static_cast<size_t>(members)),
        bound_(bound) {
    for (int member = 0; member < members; ++member) place(member, bound);
    for (size_t id = 0; id < plan.slots.size(); ++id) {
      const Slot& slot = plan.slots[id];
      const SlotId base = plan.base(static_cast<SlotId>(id));
      const bool of_batch = plan.slot(base).kind == SlotKind::input;
      if (slot.base != kNone && of_batch) of_batch_.push_back(static_cast<SlotId>(id));
      if (slot.base == kNone && slot.copies > 1 && slot.offset >= 0) {
        turning_.push_back(static_cast<SlotId>(id));
      }
      if (slot.base != kNone && plan.slot(base).copies > 1) {
        turning_.push_back(static_cast<SlotId>(id));
      }
      if (slot.sharded) sharded_.push_back(static_cast<SlotId>(id));
    }
    for (const Op& op : plan.ops) {
      const auto* product = std::get_if<ops::Product>(&op.what);
      const bool by_rows = std::holds_alternative<ops::Nonzero>(op.what) ||
                           (product != nullptr && product->decode.has_value());
      if (by_rows && std::ranges::find(by_rows_, op.in[0]) == by_rows_.end()) {
        by_rows_.push_back(op.in[0]);
      }
    }
    for (MemberMemory& member : members_) {
      member.rows.resize(plan.slots.size());
      member.tables.resize(by_rows_.size());
      for (size_t i = 0; i < by_rows_.size(); ++i) {
        const Shape& shape = plan.slot(by_rows_[i]).shape;
        member.tables[i].resize(static_cast<size_t>(shape.size(plan.capacity) / shape.back()));
      }
    }
  }

  std::byte* const* memory(int member) const { return members_[index(member)].memory.data(); }
  const std::byte* const* const* rows(int member) const {
    return members_[index(member)].rows.data();
  }
  std::byte* scratch(int member) { return own(member) + plan_.member_bytes; }
  std::vector<double>& seconds() { return seconds_; }
  const std::vector<double>& seconds() const { return seconds_; }

  /// Takes a member's columns of weights and states to memory of its own for a run of all members,
  /// from which `store_columns` brings them back.
  void load_columns(int member) {
    for (SlotId id : sharded_) {
      at(member, id) = own(member) + plan_.slot(id).offset;
      copy_columns(member, id, [](std::byte* whole, std::byte* shard, size_t bytes) {
        std::memcpy(shard, whole, bytes);
      });
    }
  }
  void store_columns(int member) {
    for (SlotId id : sharded_) {
      copy_columns(member, id, [](std::byte* whole, std::byte* shard, size_t bytes) {
        std::memcpy(whole, shard, bytes);
      });
      at(member, id) = bound_[static_cast<size_t>(id)];
    }
  }

  /// Whether every member has filled its rows of a batch.
  enum class Filled { no, yes };

  /// Inputs are read where the batch has them; slots with several copies turn to that of `step`.
  void turn_to(int member, int64_t step, const Batch& batch, Filled filled) {
    for (size_t i = 0; i < plan_.inputs.size(); ++i) {
      const bool in_place = batch.is_in_place(i);
      // In place the rows lie side by side, or nobody asks for more than where each lies.
      const std::byte* first = !in_place               ? batch.x[i].data()
                               : filled == Filled::yes ? batch.x_rows[i][0]
                                                       : nullptr;
      at(member, plan_.inputs[i]) = const_cast<std::byte*>(first);
    }
    for (size_t i = 0; i < plan_.targets.size(); ++i) {
      at(member, plan_.targets[i]) = const_cast<std::byte*>(batch.y[i].data());
    }
    for (size_t i = 0; i < plan_.sample_weights.size(); ++i) {
      at(member, plan_.sample_weights[i]) = const_cast<std::byte*>(batch.weights[i].data());
    }
    for (SlotId id : of_batch_) at(member, id) = at(member, plan_.slot(id).base);
    for (size_t i = 0; i < by_rows_.size(); ++i) turn_rows(member, i, batch);
    turn_copies(member, step);
  }

  void turn_copies(int member, int64_t step) {
    for (SlotId id : turning_) {
      const Slot& slot = plan_.slot(plan_.base(id));
      const int64_t line =
          (slot.shape.size(plan_.capacity) * static_cast<int64_t>(itemsize(slot.dtype)) + kLine -
           1) /
          kLine * kLine;
      at(member, id) = arena_.data() + slot.offset + step % slot.copies * line;
    }
  }

 private:
  static constexpr int64_t kLine = 64;

  struct alignas(128) MemberMemory {
    std::vector<std::byte*> memory;                     ///< by slot
    std::vector<const std::byte* const*> rows;          ///< by slot
    std::vector<std::vector<const std::byte*>> tables;  ///< of by_rows_, where a batch is copied
  };

  // Finds the rows of a slot of the batch.
  void turn_rows(int member, size_t which, const Batch& batch) {
    const SlotId id = by_rows_[which];
    const auto input = std::ranges::find(plan_.inputs, plan_.base(id)) - plan_.inputs.begin();
    MemberMemory& own = members_[index(member)];
    const std::byte* const*& rows = own.rows[static_cast<size_t>(id)];
    if (batch.is_in_place(static_cast<size_t>(input))) {
      rows = batch.x_rows[static_cast<size_t>(input)].data();
      return;
    }
    const Slot& slot = plan_.slot(id);
    const size_t row_bytes = static_cast<size_t>(slot.shape.back()) * itemsize(slot.dtype);
    const std::byte* row = batch.x[static_cast<size_t>(input)].data();
    for (const std::byte*& place : own.tables[which]) {
      place = row;
      row += row_bytes;
    }
    rows = own.tables[which].data();
  }

  static size_t index(int member) { return static_cast<size_t>(member); }
  std::byte*& at(int member, SlotId id) {
    return members_[index(member)].memory[static_cast<size_t>(id)];
  }
  std::byte* own(int member) {
    return arena_.data() + plan_.arena_bytes + member * (plan_.member_bytes + scratch_bytes_);
  }

  template <class Copy>
  void copy_columns(int member, SlotId id, const Copy& copy) {
    const Slot& slot = plan_.slot(id);
    const auto item = static_cast<int64_t>(itemsize(slot.dtype));
    const Range columns = share_of(slot.shape[1], kFeatureGrain, member, plan_.members);
    const int64_t bytes = columns.size() * item;
    std::byte* whole = bound_[static_cast<size_t>(id)] + columns.begin * item;
    std::byte* shard = at(member, id);
    for (int64_t i = 0; i < slot.shape[0]; ++i) {
      copy(whole, shard, static_cast<size_t>(bytes));
      whole += slot.shape[1] * item;
      shard += bytes;
    }
  }

  void place(int member, const std::vector<std::byte*>& bound) {
    std::vector<std::byte*> memory = bound;
    for (size_t id = 0; id < memory.size(); ++id) {
      const Slot& slot = plan_.slots[id];
      if (slot.offset < 0 || slot.base != kNone || slot.sharded) continue;
      memory[id] = arena_.data() + slot.offset;
    }
    for (size_t id = 0; id < memory.size(); ++id) {
      memory[id] = memory[static_cast<size_t>(plan_.base(static_cast<SlotId>(id)))];
    }
    members_[index(member)].memory = std::move(memory);
  }

  const Plan& plan_;
  const int64_t scratch_bytes_;
  Tensor arena_;
  std::vector<MemberMemory> members_;
  const std::vector<std::byte*>& bound_;
  std::vector<SlotId> of_batch_, turning_, sharded_, by_rows_;
  std::vector<double> seconds_;
};

}  // namespace cornu::inline v0
