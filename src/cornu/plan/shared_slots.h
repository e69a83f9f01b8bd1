#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "cornu/core/shared_memory.h"
#include "cornu/plan/plan.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// The slots that processes of one machine have in common memory, so that no messages carry them:
/// the sums of the shards of each process, and once for all the weights that each updates in
/// slices. On several machines there are none.
class SharedSlots {
 public:
  /// All processes call it, with plans that differ in their part alone.
  SharedSlots(const Plan& plan, Communicator& processes) : plan_(plan) {
    size_t of_each = 0;
    for (const Op& op : plan.ops) {
      if (!std::holds_alternative<ops::SumSlices>(op.what)) continue;
      for (size_t i = 0; i < op.in.size() / 2; ++i) take(op.in[i], sums_, of_each);
    }
    if (of_each == 0) return;
    stride_ = of_each;
    size_t all = stride_ * static_cast<size_t>(plan.part.count);
    for (const Op& op : plan.ops) {
      if (!std::holds_alternative<ops::SpreadSlices>(op.what)) continue;
      for (const SlotId id : op.out) {
        if (plan.slot(id).kind == SlotKind::weight) take(id, weights_, all);
      }
    }
    memory_ = SharedMemory::make(processes, all);
  }

  bool any() const { return memory_ != nullptr; }
  /// The bytes from a process's sums to those of the next.
  size_t stride() const { return stride_; }
  bool holds(const void* address) const {
    const auto* const at = static_cast<const std::byte*>(address);
    return any() && at >= memory_->data() && at < memory_->data() + memory_->size();
  }

  /// Sets the addresses of these slots, in a table by slot.
  void place(std::vector<std::byte*>& memory) const {
    if (!any()) return;
    for (const Place& each : sums_) {
      memory[static_cast<size_t>(each.slot)] =
          memory_->data() + stride_ * static_cast<size_t>(plan_.part.index) + each.offset;
    }
    for (const Place& each : weights_) memory[static_cast<size_t>(each.slot)] = at(each);
  }

  /// Takes this process's slices of the weights from `bound`, the model's memory, by slot.
  void load(const std::vector<std::byte*>& bound) const {
    if (!any()) return;
    for (const Place& each : weights_) {
      const Slot& slot = plan_.slot(each.slot);
      const auto item = static_cast<int64_t>(itemsize(slot.dtype));
      const Range own = slice_of_process(slot.shape.size(), plan_.part.index, plan_.part.count);
      std::memcpy(at(each) + own.begin * item,
                  bound[static_cast<size_t>(each.slot)] + own.begin * item,
                  static_cast<size_t>(own.size() * item));
    }
  }
  /// Copies the weights to the model's memory.
  void store(const std::vector<std::byte*>& bound) const {
    if (!any()) return;
    for (const Place& each : weights_) {
      std::memcpy(bound[static_cast<size_t>(each.slot)], at(each), bytes_of(each.slot));
    }
  }

 private:
  struct Place {
    SlotId slot;
    size_t offset;
  };

  void take(SlotId slot, std::vector<Place>& places, size_t& end) const {
    constexpr size_t kLine = 64;
    places.push_back({slot, end});
    end += (bytes_of(slot) + kLine - 1) / kLine * kLine;
  }
  size_t bytes_of(SlotId id) const {
    return static_cast<size_t>(plan_.size(id, plan_.capacity)) * itemsize(plan_.slot(id).dtype);
  }
  std::byte* at(const Place& weight) const { return memory_->data() + weight.offset; }

  const Plan& plan_;
  std::vector<Place> sums_, weights_;
  size_t stride_ = 0;
  std::unique_ptr<SharedMemory> memory_;
};

}  // namespace cornu::inline v0
