#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "cornu/plan/elastic.h"
#include "cornu/plan/executor.h"
#include "cornu/plan/frame.h"
#include "cornu/plan/schedule.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// The memory of a run: slots that members share, then slots of each member alone. Each member has
/// its own table of the addresses of slots, which changes from step to step. One schedule is in use
/// at a time; nothing in the arena outlives its use.
class ArenaWorkspace final : public Workspace {
 public:
  ArenaWorkspace(const Plan& plan, const std::vector<std::byte*>& bound, int64_t scratch_bytes,
                 Sizing sizing, int most_members)
      : plan_(plan),
        scratch_bytes_((scratch_bytes + kLine - 1) / kLine * kLine),
        bound_(bound),
        count_(sizing, most_members),
        waited_(static_cast<size_t>(most_members)),
        waited_of_all_(waited_.size()) {
    for (size_t id = 0; id < plan.slots.size(); ++id) {
      const Slot& slot = plan.slots[id];
      const SlotId base = plan.base(static_cast<SlotId>(id));
      const bool of_batch = plan.slot(base).kind == SlotKind::input;
      if (slot.base != kNone && of_batch) of_batch_.push_back(static_cast<SlotId>(id));
    }
    for (const Op& op : plan.ops) {
      const bool by_rows = std::holds_alternative<ops::Nonzero>(op.what) || op.fused.decode;
      if (by_rows && std::ranges::find(by_rows_, op.in[0], &ByRows::slot) == by_rows_.end()) {
        const Shape& shape = plan.slot(op.in[0]).shape;
        by_rows_.push_back({op.in[0], takes_images(op.what) ? shape.size() : shape.back()});
      }
    }
  }

  /// Lays out slots for a schedule. It allocates if the schedule needs more memory than before.
  void use(const Schedule& schedule) {
    if (schedule_ == &schedule) return;
    const int64_t bytes =
        schedule.arena_bytes + schedule.members * (schedule.member_bytes + scratch_bytes_);
    if (bytes > arena_.size()) arena_ = Tensor(Shape{bytes}, DType::uint8);
    make_members(schedule.members);
    schedule_ = &schedule;
    turning_.clear();
    sharded_.clear();
    for (size_t i = 0; i < plan_.slots.size(); ++i) {
      const auto id = static_cast<SlotId>(i);
      const SlotPlace& base = schedule.place(plan_.base(id));
      if (base.copies > 1 && base.offset >= 0) turning_.push_back(id);
      if (schedule.place(id).sharded) sharded_.push_back(id);
    }
    for (int member = 0; member < schedule.members; ++member) place(member);
  }
  /// The schedule in use; null before the first.
  const Schedule* schedule() const { return schedule_; }

  std::byte* const* memory(int member) const { return members_[index(member)].memory.data(); }
  const std::byte* const* const* rows(int member) const {
    return members_[index(member)].rows.data();
  }
  /// Sums are those over the shards of these processes, too. All of them call it.
  void share_with(Communicator& communicator) {
    shared_.emplace(plan_, communicator);
    across_.emplace(communicator, *shared_);
  }
  /// Takes the weights that processes have in common from the model's memory, and gives them back.
  void load_shared() const {
    if (shared_) shared_->load(bound_);
  }
  void store_shared() const {
    if (shared_) shared_->store(bound_);
  }
  Across* across() { return across_ ? &*across_ : nullptr; }
  /// The tables of a member for a batch of `rows` rows; null if the batch is one shard.
  ShardTables* shards(int member, int64_t rows) {
    if (plan_.shards == 1) return nullptr;
    ShardTables& tables = members_[index(member)].shards;
    tables.divide(rows);
    return &tables;
  }
  std::byte* scratch(int member) { return own(member) + schedule_->member_bytes; }
  MemberCount& count() { return count_; }
  const MemberCount& count() const { return count_; }
  /// Adds to the waiting time of a member. Only that member calls it; the first member reads it.
  void add_waited(int member, double seconds) {
    std::atomic<double>& sum = waited_[index(member)].seconds;
    sum.store(sum.load(std::memory_order_relaxed) + seconds, std::memory_order_relaxed);
  }
  std::span<const double> waited() {
    for (size_t i = 0; i < waited_.size(); ++i) {
      waited_of_all_[i] = waited_[i].seconds.load(std::memory_order_relaxed);
    }
    return waited_of_all_;
  }
  /// Each member has so many sums of seconds, which it alone adds to.
  void measure(size_t sums) { seconds_.assign(members_.size(), std::vector<double>(sums)); }
  std::vector<double>& seconds(int member) { return seconds_[index(member)]; }
  const std::vector<std::vector<double>>& seconds() const { return seconds_; }

  /// Copies a member's columns of weights and states to its own memory for a run of all members;
  /// `store_columns` copies them back.
  void load_columns(int member) {
    for (SlotId id : sharded_) {
      at(member, id) = own(member) + schedule_->place(id).offset;
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

  /// Points inputs at the memory of the batch, and slots with several copies at the one for `step`.
  void turn_to(int member, int64_t step, const Batch& batch, Filled filled) {
    for (size_t i = 0; i < plan_.inputs.size(); ++i) {
      const bool in_place = batch.is_in_place(i);
      // In place, the rows are contiguous, or are read through their addresses only.
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
      const SlotPlace& place = schedule_->place(plan_.base(id));
      const int64_t line =
          (plan_.size(plan_.base(id), plan_.capacity) * static_cast<int64_t>(itemsize(slot.dtype)) +
           kLine - 1) /
          kLine * kLine;
      at(member, id) = arena_.data() + place.offset + step % place.copies * line + from_base(id);
    }
  }

 private:
  static constexpr int64_t kLine = 64;

  struct alignas(128) MemberMemory {
    std::vector<std::byte*> memory;                     ///< by slot
    std::vector<const std::byte* const*> rows;          ///< by slot
    std::vector<std::vector<const std::byte*>> tables;  ///< of by_rows_, if a batch is copied
    ShardTables shards;
  };

  /// A slot of the batch that is read through the addresses of rows of `row` elements.
  struct ByRows {
    SlotId slot;
    int64_t row;
  };

  // Finds the rows of a slot of the batch.
  void turn_rows(int member, size_t which, const Batch& batch) {
    const SlotId id = by_rows_[which].slot;
    const auto input = std::ranges::find(plan_.inputs, plan_.base(id)) - plan_.inputs.begin();
    MemberMemory& own = members_[index(member)];
    const std::byte* const*& rows = own.rows[static_cast<size_t>(id)];
    if (batch.is_in_place(static_cast<size_t>(input))) {
      rows = batch.x_rows[static_cast<size_t>(input)].data();
      return;
    }
    const Slot& slot = plan_.slot(id);
    const size_t row_bytes = static_cast<size_t>(by_rows_[which].row) * itemsize(slot.dtype);
    const std::byte* row = batch.x[static_cast<size_t>(input)].data();
    for (const std::byte*& place : own.tables[which]) {
      place = row;
      row += row_bytes;
    }
    rows = own.tables[which].data();
  }

  // The bytes from the begin of a slot's base to the slot.
  int64_t from_base(SlotId id) const {
    const Slot& slot = plan_.slot(id);
    return slot.offset * static_cast<int64_t>(itemsize(slot.dtype));
  }
  static size_t index(int member) { return static_cast<size_t>(member); }
  std::byte*& at(int member, SlotId id) {
    return members_[index(member)].memory[static_cast<size_t>(id)];
  }
  std::byte* own(int member) {
    return arena_.data() + schedule_->arena_bytes +
           member * (schedule_->member_bytes + scratch_bytes_);
  }

  template <class Copy>
  void copy_columns(int member, SlotId id, const Copy& copy) {
    const Slot& slot = plan_.slot(id);
    const auto item = static_cast<int64_t>(itemsize(slot.dtype));
    const Range columns = share_of(slot.shape[1], kFeatureGrain, member, schedule_->members);
    const int64_t bytes = columns.size() * item;
    std::byte* whole = bound_[static_cast<size_t>(id)] + columns.begin * item;
    std::byte* shard = at(member, id);
    for (int64_t i = 0; i < slot.shape[0]; ++i) {
      copy(whole, shard, static_cast<size_t>(bytes));
      whole += slot.shape[1] * item;
      shard += bytes;
    }
  }

  void make_members(int members) {
    if (static_cast<size_t>(members) <= members_.size()) return;
    members_.resize(static_cast<size_t>(members));
    for (MemberMemory& member : members_) {
      member.rows.resize(plan_.slots.size());
      member.tables.resize(by_rows_.size());
      if (plan_.shards > 1) {
        member.shards.memory.resize(plan_.slots.size());
        member.shards.rows.resize(plan_.slots.size());
        member.shards.ends.resize(static_cast<size_t>(plan_.shards));
        member.shards.sums.resize(static_cast<size_t>(plan_.shards));
      }
      for (size_t i = 0; i < by_rows_.size(); ++i) {
        const int64_t size = plan_.slot(by_rows_[i].slot).shape.size(plan_.capacity);
        member.tables[i].resize(static_cast<size_t>(size / by_rows_[i].row));
      }
    }
  }

  void place(int member) {
    std::vector<std::byte*>& memory = members_[index(member)].memory;
    memory = bound_;
    for (size_t id = 0; id < memory.size(); ++id) {
      const SlotPlace& place = schedule_->places[id];
      if (place.offset >= 0 && !place.sharded) memory[id] = arena_.data() + place.offset;
    }
    if (shared_) shared_->place(memory);
    for (size_t id = 0; id < memory.size(); ++id) {
      const SlotId base = plan_.base(static_cast<SlotId>(id));
      if (base == static_cast<SlotId>(id) || memory[static_cast<size_t>(base)] == nullptr) continue;
      memory[id] = memory[static_cast<size_t>(base)] + from_base(static_cast<SlotId>(id));
    }
  }

  struct alignas(128) Waited {
    std::atomic<double> seconds{0};
  };

  const Plan& plan_;
  const int64_t scratch_bytes_;
  const std::vector<std::byte*>& bound_;
  const Schedule* schedule_ = nullptr;
  Tensor arena_;
  std::vector<MemberMemory> members_;
  std::vector<SlotId> of_batch_, turning_, sharded_;
  std::vector<ByRows> by_rows_;
  std::optional<SharedSlots> shared_;
  std::optional<Across> across_;
  MemberCount count_;
  std::vector<Waited> waited_;
  std::vector<double> waited_of_all_;
  std::vector<std::vector<double>> seconds_;
};

}  // namespace cornu::inline v0
