#pragma once

#include <cstdint>

#include "cornu/plan/executor.h"

namespace cornu::inline v0 {

/// What one member sees while it carries out ops: memory by slot, the rows of this run, and its
/// share of every first axis.
template <class T>
struct Frame {
  const Plan& plan;
  std::byte* const* memory;  ///< by slot
  int64_t rows;
  const Batch& batch;
  const Context& context;
  const kernels::TableOf<T>& kernels;
  int member, members;
  T* scratch;  ///< this member's own

  struct Share {
    int64_t begin, end;
    int64_t size() const { return end - begin; }
  };

  const Slot& slot(SlotId id) const { return plan.slot(id); }
  T* at(SlotId id) const {
    return id == kNone ? nullptr : reinterpret_cast<T*>(memory[static_cast<size_t>(id)]);
  }
  int64_t size(SlotId id) const { return slot(id).shape.size(rows); }
  int64_t last(SlotId id) const { return slot(id).shape.ndim() == 0 ? 1 : slot(id).shape.back(); }
  /// This member's share of the first axis.
  Share share(SlotId id) const {
    const Shape& shape = slot(id).shape;
    const int64_t extent = shape.ndim() == 0 ? 1 : shape[0] == kRows ? rows : shape[0];
    return {extent * member / members, extent * (member + 1) / members};
  }
  /// The same in elements, and in rows of the last axis.
  Share elements(SlotId id) const { return scaled(id, size(id)); }
  Share lines(SlotId id) const { return scaled(id, size(id) / last(id)); }

 private:
  Share scaled(SlotId id, int64_t total) const {
    const Shape& shape = slot(id).shape;
    const int64_t extent = shape.ndim() == 0 ? 1 : shape[0] == kRows ? rows : shape[0];
    const int64_t each = extent == 0 ? 0 : total / extent;
    const Share own = share(id);
    return {own.begin * each, own.end * each};
  }
};

}  // namespace cornu::inline v0
