#pragma once

// Sums over the shards of all processes.

#include <cstring>
#include <span>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/kernels/table.h"
#include "cornu/plan/shard_tables.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// Adds arrays of numbers over the shards of all processes, in the order of the shards: each
/// process adds one slice of every array, of which all others send it their shards, and sends the
/// sums to all others. Arrays of few numbers are packed into one. Memory is kept from step to step.
class Across {
 public:
  explicit Across(Communicator& communicator) : communicator_(communicator) {}

  size_t count() const { return static_cast<size_t>(communicator_.size()); }

  /// The sums of this process's shards, one behind the other, and where the total belongs.
  struct Array {
    const std::byte* parts;
    std::byte* sum;
    int64_t size;
  };

  void begin(int shards, const ShardTables& tables) {
    arrays_.clear();
    shards_ = shards;
    tables_ = &tables;
  }
  void add(const Array& array) { arrays_.push_back(array); }

  /// The bytes of all processes, in order of rank.
  void gather(std::span<const std::byte> mine, std::span<std::byte> all) {
    all_gather(communicator_, mine, all);
  }

  /// sum = Σ parts for all arrays; with `accumulate` sums begin with what is there.
  template <class T>
  void sum(const kernels::TableOf<T>& kernels, bool accumulate) {
    std::vector<Array> large;
    std::vector<Array> small;
    int64_t packed = 0;
    for (const Array& each : arrays_) {
      if (each.size >= kPacked) {
        large.push_back(each);
      } else {
        small.push_back(each);
        packed += each.size;
      }
    }
    if (packed > 0) large.push_back(pack<T>(small, packed, accumulate));
    exchange<T>(large);
    for (const Array& each : large) add_up<T>(kernels, each, accumulate);
    spread<T>(large);
    if (packed > 0) unpack<T>(small);
  }

 private:
  /// Arrays of fewer numbers are packed.
  static constexpr int64_t kPacked = 16384;

  int own_shards() const { return shards_ / communicator_.size(); }
  Range slice(int64_t size, int rank) const {
    return share_of(size, kFeatureGrain, rank, communicator_.size());
  }
  template <class T>
  static std::span<const std::byte> bytes_of(const std::byte* begin, const Range& range) {
    return {begin + range.begin * static_cast<int64_t>(sizeof(T)),
            static_cast<size_t>(range.size()) * sizeof(T)};
  }
  template <class T>
  static std::span<std::byte> bytes_of(std::byte* begin, const Range& range) {
    return {begin + range.begin * static_cast<int64_t>(sizeof(T)),
            static_cast<size_t>(range.size()) * sizeof(T)};
  }

  template <class T>
  Array pack(const std::vector<Array>& small, int64_t size, bool accumulate) {
    packed_parts_.resize(static_cast<size_t>(size * own_shards()) * sizeof(T));
    packed_sum_.resize(static_cast<size_t>(size) * sizeof(T));
    std::byte* to = packed_parts_.data();
    for (int shard = 0; shard < own_shards(); ++shard) {
      for (const Array& each : small) {
        const size_t bytes = static_cast<size_t>(each.size) * sizeof(T);
        std::memcpy(to, each.parts + static_cast<size_t>(shard) * bytes, bytes);
        to += bytes;
      }
    }
    if (accumulate) {
      to = packed_sum_.data();
      for (const Array& each : small) {
        std::memcpy(to, each.sum, static_cast<size_t>(each.size) * sizeof(T));
        to += static_cast<size_t>(each.size) * sizeof(T);
      }
    }
    return {packed_parts_.data(), packed_sum_.data(), size};
  }
  template <class T>
  void unpack(const std::vector<Array>& small) const {
    const std::byte* from = packed_sum_.data();
    for (const Array& each : small) {
      const size_t bytes = static_cast<size_t>(each.size) * sizeof(T);
      std::memcpy(each.sum, from, bytes);
      from += bytes;
    }
  }

  // Sends each process the slices that it adds, and receives those of this one: for each array the
  // slices of all shards that are not this process's, in order.
  template <class T>
  void exchange(const std::vector<Array>& arrays) {
    const int rank = communicator_.rank();
    size_t bytes = 0;
    for (const Array& each : arrays) {
      bytes +=
          static_cast<size_t>(slice(each.size, rank).size() * (shards_ - own_shards())) * sizeof(T);
    }
    received_.resize(bytes);
    out_.clear();
    in_.clear();
    std::byte* to = received_.data();
    for (const Array& each : arrays) {
      const size_t room = static_cast<size_t>(slice(each.size, rank).size()) * sizeof(T);
      for (int other = 0; other < communicator_.size(); ++other) {
        if (other == rank) continue;
        const Range theirs = slice(each.size, other);
        for (int shard = 0; shard < own_shards(); ++shard) {
          if (theirs.size() > 0) {
            const auto* const of_shard =
                each.parts + shard * each.size * static_cast<int64_t>(sizeof(T));
            out_.push_back({other, bytes_of<T>(of_shard, theirs)});
          }
          if (room > 0) in_.push_back({other, {to, room}});
          to += room;
        }
      }
    }
    taken_ = received_.data();
    communicator_.exchange(out_, in_);
  }

  // The sum of this process's slice of an array.
  template <class T>
  void add_up(const kernels::TableOf<T>& kernels, const Array& array, bool accumulate) {
    const int rank = communicator_.rank();
    const Range own = slice(array.size, rank);
    const int first = own_shards() * rank;
    std::vector<const T*> parts;
    for (int shard = 0; shard < shards_; ++shard) {
      const bool is_own = shard >= first && shard < first + own_shards();
      const auto* const at = is_own ? array.parts + ((shard - first) * array.size + own.begin) *
                                                        static_cast<int64_t>(sizeof(T))
                                    : taken_;
      if (!is_own) taken_ += static_cast<size_t>(own.size()) * sizeof(T);
      if (tables_->rows_of(shard).size() > 0) parts.push_back(reinterpret_cast<const T*>(at));
    }
    kernels.add_parts({.x = parts.data(),
                       .parts = static_cast<int64_t>(parts.size()),
                       .y = reinterpret_cast<T*>(array.sum) + own.begin,
                       .size = own.size(),
                       .accumulate = accumulate});
  }

  // Sends the sums of this process's slices to all others.
  template <class T>
  void spread(const std::vector<Array>& arrays) {
    const int rank = communicator_.rank();
    out_.clear();
    in_.clear();
    for (const Array& each : arrays) {
      for (int other = 0; other < communicator_.size(); ++other) {
        if (other == rank) continue;
        const Range mine = slice(each.size, rank);
        const Range theirs = slice(each.size, other);
        if (mine.size() > 0) out_.push_back({other, bytes_of<T>(each.sum, mine)});
        if (theirs.size() > 0) in_.push_back({other, bytes_of<T>(each.sum, theirs)});
      }
    }
    communicator_.exchange(out_, in_);
  }

  Communicator& communicator_;
  int shards_ = 1;
  const ShardTables* tables_ = nullptr;
  std::vector<Array> arrays_;
  std::vector<std::byte> packed_parts_, packed_sum_, received_;
  const std::byte* taken_ = nullptr;  ///< the next slice that was received
  std::vector<Outgoing> out_;
  std::vector<Incoming> in_;
};

}  // namespace cornu::inline v0
