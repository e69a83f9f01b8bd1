#pragma once

// Sums over the shards of all processes.

#include <algorithm>
#include <atomic>
#include <span>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/kernels/table.h"
#include "cornu/plan/packed_messages.h"
#include "cornu/plan/shard_tables.h"
#include "cornu/plan/share.h"
#include "cornu/plan/shared_slots.h"

namespace cornu::inline v0 {

/// Adds arrays of numbers over the shards of all processes, in the order of the shards. Each
/// process adds one slice of every array, of which all others send it their shards. Memory is kept
/// from step to step.
class Across {
 public:
  /// `shared` are the slots that processes have in common memory.
  Across(Communicator& communicator, const SharedSlots& shared)
      : communicator_(communicator), shared_(shared) {}

  size_t count() const { return static_cast<size_t>(communicator_.size()); }

  /// The sums of this process's shards, one behind the other, and where the total belongs.
  template <class T>
  struct Array {
    const T* parts;
    T* sum;
    int64_t size;
  };

  /// The bytes of all processes, in order of rank.
  void gather(std::span<const std::byte> mine, std::span<std::byte> all) {
    all_gather(communicator_, mine, all);
  }

  /// Returns when all processes have called it: each then sees what the others have written.
  void meet() {
    messages_.begin();
    for (int other = 0; other < communicator_.size(); ++other) {
      if (other == communicator_.rank()) continue;
      messages_.send(other, {&kNothing, 1});
      messages_.receive(other, {&nothing_, 1});
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);
    messages_.exchange(communicator_);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }

  /// sum = Σ parts, of this process's slice of each array; with `accumulate` sums begin with what
  /// is there. Parts lie in common memory or all outside of it.
  template <class T>
  void sum_slices(const std::vector<Array<T>>& arrays, int shards, const ShardTables& tables,
                  const kernels::TableOf<T>& kernels, bool accumulate) {
    if (shared_.any()) {
      meet();
    } else {
      exchange(arrays, shards);
    }
    const T* received = reinterpret_cast<const T*>(received_.data());
    for (const Array<T>& each : arrays) {
      received = add_up(each, received, tables, shards, kernels, accumulate);
    }
  }

  /// Sends this process's slices of arrays to all others, so that each has all of them.
  template <class T>
  void spread(const std::vector<std::span<T>>& arrays) {
    const int rank = communicator_.rank();
    const auto is_shared = [&](std::span<T> each) { return shared_.holds(each.data()); };
    if (std::ranges::all_of(arrays, is_shared)) return meet();
    messages_.begin();
    for (const std::span<T> each : arrays) {
      for (int other = 0; other < communicator_.size(); ++other) {
        if (other == rank) continue;
        messages_.send(other, std::as_bytes(slice_of(each, rank)));
        messages_.receive(other, std::as_writable_bytes(slice_of(each, other)));
      }
    }
    messages_.exchange(communicator_);
  }

 private:
  Range slice(int64_t size, int rank) const {
    return slice_of_process(size, rank, communicator_.size());
  }
  template <class T>
  std::span<T> slice_of(std::span<T> array, int rank) const {
    const Range of = slice(static_cast<int64_t>(array.size()), rank);
    return array.subspan(static_cast<size_t>(of.begin), static_cast<size_t>(of.size()));
  }

  // Sends each process the slices that it adds, and receives those of this one: for each array the
  // slices of all shards that are not this process's, in order.
  template <class T>
  void exchange(const std::vector<Array<T>>& arrays, int shards) {
    const int rank = communicator_.rank();
    const int own = shards / communicator_.size();
    size_t numbers = 0;
    for (const Array<T>& each : arrays) {
      numbers += static_cast<size_t>(slice(each.size, rank).size() * (shards - own));
    }
    received_.resize(numbers * sizeof(T));
    T* to = reinterpret_cast<T*>(received_.data());
    messages_.begin();
    for (const Array<T>& each : arrays) {
      const auto room = static_cast<size_t>(slice(each.size, rank).size());
      for (int other = 0; other < communicator_.size(); ++other) {
        if (other == rank) continue;
        for (int shard = 0; shard < own; ++shard) {
          const std::span part(each.parts + shard * each.size, static_cast<size_t>(each.size));
          messages_.send(other, std::as_bytes(slice_of(part, other)));
          messages_.receive(other, std::as_writable_bytes(std::span(to, room)));
          to += room;
        }
      }
    }
    messages_.exchange(communicator_);
  }

  // The sum of this process's slice of an array, of which `received` are the shards of others.
  // Returns the end of those.
  template <class T>
  const T* add_up(const Array<T>& array, const T* received, const ShardTables& tables, int shards,
                  const kernels::TableOf<T>& kernels, bool accumulate) {
    const int own = shards / communicator_.size();
    const int first = own * communicator_.rank();
    const Range mine = slice(array.size, communicator_.rank());
    std::vector<const T*> parts;
    for (int shard = 0; shard < shards; ++shard) {
      const bool is_own = shard >= first && shard < first + own;
      const T* part = is_own ? array.parts + (shard - first) * array.size + mine.begin : received;
      if (!is_own && shared_.any()) {
        part = of_other(array.parts, shard / own) + shard % own * array.size + mine.begin;
      } else if (!is_own) {
        received += mine.size();
      }
      if (tables.rows_of(shard).size() > 0) parts.push_back(part);
    }
    kernels.add_parts({.x = parts.data(),
                       .parts = static_cast<int64_t>(parts.size()),
                       .y = array.sum + mine.begin,
                       .size = mine.size(),
                       .accumulate = accumulate});
    return received;
  }

  // The sums of another process's shards, in common memory.
  template <class T>
  const T* of_other(const T* parts, int rank) const {
    const auto stride = static_cast<std::ptrdiff_t>(shared_.stride());
    return reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(parts) +
                                      (rank - communicator_.rank()) * stride);
  }

  static constexpr std::byte kNothing{0};

  Communicator& communicator_;
  const SharedSlots& shared_;
  std::byte nothing_{0};
  PackedMessages messages_;
  std::vector<std::byte> received_;
};

}  // namespace cornu::inline v0
