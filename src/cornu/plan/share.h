#pragma once

#include <cstdint>

namespace cornu::inline v0 {

/// From `begin` up to `end`.
struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

/// Axes of features are divided among members in whole vectors of sixteen.
inline constexpr int64_t kFeatureGrain = 16;

/// The part of an axis that belongs to one of `members`, in units of `grain`.
inline Range share_of(int64_t extent, int64_t grain, int member, int members) {
  const int64_t units = (extent + grain - 1) / grain;
  const auto bound = [&](int64_t index) {
    const int64_t at = units * index / members * grain;
    return at < extent ? at : extent;
  };
  return {bound(member), bound(member + 1)};
}

/// The part of an array of numbers that one of several processes adds up and updates, in units of
/// a line of the cache.
inline Range slice_of_process(int64_t size, int rank, int processes) {
  return share_of(size, kFeatureGrain, rank, processes);
}

/// The rows of a batch that belong to one of its shards: row i belongs to shard ⌊i · shards /
/// rows⌋.
inline Range rows_of_shard(int64_t rows, int shards, int shard) {
  const auto bound = [&](int64_t index) { return (index * rows + shards - 1) / shards; };
  return {bound(shard), bound(shard + 1)};
}

/// Those that belong to one of several processes, each of which has as many shards.
inline Range rows_of_part(int64_t rows, int shards, int part, int parts) {
  const int own = shards / parts;
  return {rows_of_shard(rows, shards, part * own).begin,
          rows_of_shard(rows, shards, (part + 1) * own - 1).end};
}

/// The size of the largest part of an axis of features.
inline int64_t widest_share(int64_t extent, int members) {
  const int64_t units = (extent + kFeatureGrain - 1) / kFeatureGrain;
  return (units + members - 1) / members * kFeatureGrain;
}

}  // namespace cornu::inline v0
