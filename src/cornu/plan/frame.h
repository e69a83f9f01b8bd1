#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "cornu/plan/across.h"
#include "cornu/plan/executor.h"
#include "cornu/plan/schedule.h"
#include "cornu/plan/shard_tables.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// The numbers that a Decode computes for the 256 bytes.
template <class T>
struct DecodedBytes {
  ops::Decode decode;
  std::array<T, 256> numbers;
};

/// The data of one member while it carries out ops: memory by slot, the rows of this step, and its
/// share of every axis.
template <class T>
struct Frame {
  const Plan& plan;
  const Schedule& schedule;
  std::byte* const* memory;                ///< by slot
  const std::byte* const* const* in_rows;  ///< by slot: the address of each row of an input
  int64_t rows;
  const Batch& batch;
  const Context& context;
  const kernels::TableOf<T>& kernels;
  int member, members;
  T* scratch;  ///< of this member alone
  const std::vector<DecodedBytes<T>>& decoded;
  ShardTables* shards;  ///< of this member alone; null if the batch is one shard
  Across* across;       ///< of the first member; null if the process is alone
  int64_t all_rows;     ///< of the batch, of all processes

  const Slot& slot(SlotId id) const { return plan.slot(id); }
  const std::byte* const* rows_of(SlotId id) const { return in_rows[static_cast<size_t>(id)]; }
  std::byte* bytes(SlotId id) const { return memory[static_cast<size_t>(id)]; }
  template <class X>
  X* at(SlotId id) const {
    return id == kNone ? nullptr : reinterpret_cast<X*>(bytes(id));
  }
  T* at(SlotId id) const { return at<T>(id); }
  int64_t size(SlotId id) const { return slot(id).shape.size(rows); }
  /// The same, of all processes that share the batch.
  int64_t size_of_all(SlotId id) const { return slot(id).shape.size(all_rows); }
  int64_t last(SlotId id) const {
    if (slot(id).shape.ndim() == 0) return 1;
    return slot(id).shape.back() == kRows ? rows : slot(id).shape.back();
  }
  /// The numbers from a line to the next, and from a sample to the next, of a slot whose lines, or
  /// samples, have the same distance throughout.
  int64_t line(SlotId id) const {
    const Slot& of = slot(id);
    return of.strides ? of.line : last(id);
  }
  int64_t sample(SlotId id) const {
    const Slot& of = slot(id);
    return of.strides ? (*of.strides)[0] : of.shape.without_rows().size();
  }
  const T* numbers_of(const ops::Decode& decode) const {
    for (const auto& each : decoded) {
      if (each.decode == decode) return each.numbers.data();
    }
    return nullptr;
  }

  /// The lines (all axes except the last), or the columns, of a slot that this member writes.
  Range lines(const Op& op, SlotId id) const {
    const int64_t all = size(id) / last(id);
    if (op.split != Split::first_axis || slot(id).shape.ndim() < 2) return {0, all};
    const int64_t extent = leading(id, op.leading_axes);
    const int64_t each = extent == 0 ? 0 : all / extent;
    const Range own = share(extent, slot(id).shape[0] == kRows ? 1 : kFeatureGrain);
    return {own.begin * each, own.end * each};
  }
  Range cols(const Op& op, SlotId id) const {
    const bool one_axis = slot(id).shape.ndim() == 1;
    const bool shared = op.split == Split::last_axis || (one_axis && op.split == Split::first_axis);
    if (!shared) return {0, last(id)};
    return share(last(id), one_axis && slot(id).shape[0] == kRows ? 1 : kFeatureGrain);
  }
  /// This member's share of the rows of the batch.
  Range batch_rows(const Op& op) const {
    return op.split == Split::first_axis ? share(rows, 1) : Range{0, rows};
  }

  /// The rows of the batch that this member gathers, and whose zeros it lists, for all members.
  Range gathered_rows() const { return rows_gathered_by(member); }
  Range rows_gathered_by(int which) const { return share_of(rows, plan.row_grain, which, members); }

  /// Some lines, or the begin or more of one, from `column` on.
  struct Part {
    int64_t line, lines, column, cols;
    int64_t size() const { return lines * cols; }
  };
  /// f(part) for the parts of an op's output that this member writes, each side by side in all of
  /// the op's slots.
  template <class F>
  void for_each_part(const Op& op, const F& f) const {
    const Range own_lines = lines(op, op.out[0]);
    const Range own_cols = cols(op, op.out[0]);
    const bool is_whole = own_cols.size() == last(op.out[0]) && are_side_by_side(op);
    const int64_t each = is_whole ? std::max<int64_t>(own_lines.size(), 1) : 1;
    for (int64_t line = own_lines.begin; line < own_lines.end; line += each) {
      f(Part{line, each, own_cols.begin, own_cols.size()});
    }
  }
  /// The first number of a part of a slot.
  template <class X>
  X* at(SlotId id, const Part& part) const {
    const Slot& of = slot(id);
    const bool is_even = !of.strides || of.line != 0;
    const int64_t first =
        is_even ? part.line * line(id) : line_offset(of.shape, *of.strides, part.line);
    return at<X>(id) + first + part.column;
  }
  T* at(SlotId id, const Part& part) const { return at<T>(id, part); }
  /// The same as the offset and size of each part, for slots that are no views.
  template <class F>
  void for_each_run(const Op& op, const F& f) const {
    if (op.of_slice) {
      const Range own = share_of_slice(size(op.out[0]));
      if (own.size() > 0) f(own.begin, own.size());
      return;
    }
    for_each_part(
        op, [&](const Part& part) { f(part.line * last(op.out[0]) + part.column, part.size()); });
  }
  /// Whether no slot of an op is a view.
  bool are_side_by_side(const Op& op) const {
    const auto is_view = [&](SlotId id) { return id != kNone && slot(id).strides; };
    return std::ranges::none_of(op.in, is_view) && std::ranges::none_of(op.out, is_view);
  }

  /// The begin of this member's columns of a slot, and the distance from one row to the next.
  struct Columns {
    T* at;
    int64_t row;
  };
  Columns columns(SlotId id, const Range& own) const {
    if (schedule.place(id).sharded) return {at(id), own.size()};
    return {at(id) + own.begin, line(id)};
  }

 private:
  int64_t leading(SlotId id, int axes) const {
    int64_t extent = 1;
    for (int i = 0; i < axes; ++i) extent *= slot(id).shape[i] == kRows ? rows : slot(id).shape[i];
    return extent;
  }
  Range share(int64_t extent, int64_t grain) const {
    return share_of(extent, grain, member, members);
  }
  // This member's part of the slice of this process.
  Range share_of_slice(int64_t size) const {
    const Range slice = slice_of_process(size, plan.part.index, plan.part.count);
    const Range own = share(slice.size(), kFeatureGrain);
    return {slice.begin + own.begin, slice.begin + own.end};
  }
};

template <class T>
using PartOf = typename Frame<T>::Part;

}  // namespace cornu::inline v0
