#pragma once

// Sums over the shards of all processes.

#include <algorithm>
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
  /// Waits for messages of a step that failed: the caller's memory is about to go.
  ~Across() {
    try {
      communicator_.finish();
    } catch (...) {  // the step has told its own error
    }
  }
  Across(const Across&) = delete;
  Across& operator=(const Across&) = delete;

  size_t count() const { return static_cast<size_t>(communicator_.size()); }

  /// The sums of this process's shards, one behind the other, and where the total belongs.
  template <class T>
  struct Array {
    const T* parts;
    const T* received;  ///< this process's slice of the shards of others; null: not sent yet
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
    messages_.exchange(communicator_);
  }

  /// Begins to send each process its slice of the sums of this one's shards of an array, and to
  /// receive this process's slice of theirs, for sum_slices.
  template <class T>
  void send_slices(const T* parts, int64_t size, int shards, T* received) {
    if (shared_.any()) return;
    out_.clear();
    in_.clear();
    for_each_slice(parts, size, shards, received,
                   [&](int other, std::span<const T> sent, std::span<T> room) {
                     out_.push_back({other, std::as_bytes(sent)});
                     in_.push_back({other, std::as_writable_bytes(room)});
                   });
    communicator_.begin(out_, in_);
  }

  /// sum = Σ parts, of this process's slice of each array; with `accumulate` sums begin with what
  /// is there. Parts lie in common memory or all outside of it.
  template <class T>
  void sum_slices(std::vector<Array<T>>& arrays, int shards, const ShardTables& tables,
                  const kernels::TableOf<T>& kernels, bool accumulate) {
    if (shared_.any()) {
      meet();
    } else {
      communicator_.finish();
      exchange(arrays, shards);
    }
    for (const Array<T>& each : arrays) add_up(each, tables, shards, kernels, accumulate);
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

  // f(other, sent, room) for each message by which processes get their slices of the sums of
  // shards: `received` are those of the others, in the order of the shards.
  template <class T, class F>
  void for_each_slice(const T* parts, int64_t size, int shards, T* received, const F& f) const {
    const int rank = communicator_.rank();
    const auto room = static_cast<size_t>(slice(size, rank).size());
    for (int other = 0; other < communicator_.size(); ++other) {
      if (other == rank) continue;
      for (int shard = 0; shard < shards / communicator_.size(); ++shard) {
        const std::span part(parts + shard * size, static_cast<size_t>(size));
        f(other, slice_of(part, other), std::span(received, room));
        received += room;
      }
    }
  }

  // Exchanges the slices of the arrays that have not been sent.
  template <class T>
  void exchange(std::vector<Array<T>>& arrays, int shards) {
    const int64_t of_others = shards - shards / communicator_.size();
    const auto numbers = [&](const Array<T>& array) {
      return slice(array.size, communicator_.rank()).size() * of_others;
    };
    int64_t all = 0;
    for (const Array<T>& each : arrays) all += each.received == nullptr ? numbers(each) : 0;
    received_.resize(static_cast<size_t>(all) * sizeof(T));
    T* to = reinterpret_cast<T*>(received_.data());
    messages_.begin();
    for (Array<T>& each : arrays) {
      if (each.received != nullptr) continue;
      each.received = to;
      for_each_slice(each.parts, each.size, shards, to,
                     [&](int other, std::span<const T> sent, std::span<T> room) {
                       messages_.send(other, std::as_bytes(sent));
                       messages_.receive(other, std::as_writable_bytes(room));
                     });
      to += numbers(each);
    }
    messages_.exchange(communicator_);
  }

  // The sum of this process's slice of an array.
  template <class T>
  void add_up(const Array<T>& array, const ShardTables& tables, int shards,
              const kernels::TableOf<T>& kernels, bool accumulate) {
    const int own = shards / communicator_.size();
    const int rank = communicator_.rank();
    const Range mine = slice(array.size, rank);
    const T* received = array.received;
    std::vector<const T*> parts;
    for (int shard = 0; shard < shards; ++shard) {
      const bool is_received = shard / own != rank && !shared_.any();
      const T* const part =
          is_received ? received
                      : parts_of(array.parts, shard / own) + shard % own * array.size + mine.begin;
      if (is_received) received += mine.size();
      if (tables.rows_of(shard).size() > 0) parts.push_back(part);
    }
    kernels.add_parts({.x = parts.data(),
                       .parts = static_cast<int64_t>(parts.size()),
                       .y = array.sum + mine.begin,
                       .size = mine.size(),
                       .accumulate = accumulate});
  }

  // The sums of a process's shards: this one's, or in common memory another's.
  template <class T>
  const T* parts_of(const T* parts, int rank) const {
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
  std::vector<Outgoing> out_;
  std::vector<Incoming> in_;
};

}  // namespace cornu::inline v0
