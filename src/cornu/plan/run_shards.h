#pragma once

// Sums over the rows of a batch, shard by shard, and the sums of those, as one member carries them
// out.

#include "cornu/kernels/normalize.h"
#include "cornu/plan/across.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// Where the rows of a shard, or its sums, begin in a slot.
template <class T>
std::byte* place_of_shard(SlotId id, int shard, const Range& rows, const Frame<T>& f) {
  const Slot& slot = f.slot(id);
  const int64_t first = slot.shards > 1         ? shard * slot.shape.size()
                        : slot.shape.has_rows() ? rows.begin * f.sample(id)
                                                : 0;
  std::byte* const begin = f.bytes(id);
  return begin == nullptr ? nullptr : begin + first * static_cast<int64_t>(itemsize(slot.dtype));
}

/// The addresses of the rows of a shard, of a slot that is read through them.
template <class T>
const std::byte* const* rows_of_shard(SlotId id, const Range& rows, const Op& op,
                                      const Frame<T>& f) {
  const std::byte* const* const all = f.rows_of(id);
  if (all == nullptr) return nullptr;
  const int64_t lines = f.slot(id).shape.without_rows().size() / f.last(id);
  return all + rows.begin * (takes_images(op.what) ? 1 : lines);
}

/// Carries out an op that sums over rows: run(frame) for each shard, on its rows, into its sums.
template <class T, class Run>
void for_each_shard(const Op& op, const Frame<T>& f, const Run& run) {
  ShardTables& tables = *f.shards;
  Frame<T> part = f;
  part.memory = tables.memory.data();
  part.in_rows = tables.rows.data();
  const int first = f.plan.first_shard();
  const int64_t before = tables.rows_of(first).begin;  // rows of other processes
  for (int shard = 0; shard < f.plan.own_shards(); ++shard) {
    const Range in_batch = tables.rows_of(first + shard);
    const Range rows = {in_batch.begin - before, in_batch.end - before};
    if (rows.size() == 0) continue;
    part.rows = rows.size();
    for (const Slots* slots : {&op.in, &op.out}) {
      for (const SlotId id : *slots) {
        if (id == kNone) continue;
        tables.memory[static_cast<size_t>(id)] = place_of_shard(id, shard, rows, f);
        tables.rows[static_cast<size_t>(id)] = rows_of_shard(id, rows, op, f);
      }
    }
    run(part);
  }
}

template <class T>
void run(const ops::SumShards&, const Op& op, const Frame<T>& f) {
  const int64_t next = f.slot(op.in[0]).shape.size();
  std::vector<const std::byte*>& sums = f.shards->sums;
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    sums.clear();  // it keeps its room for all shards
    for (int shard = 0; shard < f.plan.shards; ++shard) {
      if (f.shards->rows_of(shard).size() == 0) continue;
      sums.push_back(reinterpret_cast<const std::byte*>(f.at(op.in[0]) + shard * next + offset));
    }
    f.kernels.add_parts({.x = reinterpret_cast<const T* const*>(sums.data()),
                         .parts = static_cast<int64_t>(sums.size()),
                         .y = f.at(op.out[0]) + offset,
                         .size = size,
                         .accumulate = op.accumulate});
  });
}

template <class T>
void run(const ops::MergeMoments&, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::merge_moments<T>({.means = f.template at<double>(op.in[0]) + own.begin,
                             .variances = f.template at<double>(op.in[1]) + own.begin,
                             .next = f.last(op.in[0]),
                             .ends = f.shards->ends.data(),
                             .shards = f.plan.shards,
                             .cols = own.size()},
                            f.at(op.out[0]) + own.begin, f.at(op.out[1]) + own.begin);
}

template <class T>
void run(const ops::SendSlices&, const Op& op, const Frame<T>& f) {
  f.across->send_slices(f.at(op.in[0]), f.size(op.in[0]), f.plan.shards, f.at(op.out[0]));
}

template <class T>
void run(const ops::SumSlices&, const Op& op, const Frame<T>& f) {
  std::vector<Across::Array<T>> arrays;
  const size_t count = op.in.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    arrays.push_back({.parts = f.at(op.in[i]),
                      .received = f.at(op.in[count + i]),
                      .sum = f.at(op.out[i]),
                      .size = f.size(op.out[i])});
  }
  f.across->sum_slices(arrays, f.plan.shards, *f.shards, f.kernels, op.accumulate);
}

template <class T>
void run(const ops::SpreadSlices&, const Op& op, const Frame<T>& f) {
  std::vector<std::span<T>> arrays;
  for (const SlotId each : op.out) {
    arrays.emplace_back(f.at(each), static_cast<size_t>(f.size(each)));
  }
  f.across->spread(arrays);
}

template <class T>
void run(const ops::GatherShards&, const Op& op, const Frame<T>& f) {
  for (size_t i = 0; i < op.in.size(); ++i) {
    const auto bytes = static_cast<size_t>(f.plan.own_shards() * f.slot(op.in[i]).shape.size()) *
                       itemsize(f.slot(op.in[i]).dtype);
    f.across->gather({f.bytes(op.in[i]), bytes}, {f.bytes(op.out[i]), bytes * f.across->count()});
  }
}

}  // namespace cornu::inline v0
