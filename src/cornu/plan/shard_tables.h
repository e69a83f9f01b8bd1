#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// What a member needs to carry out an op shard by shard.
struct ShardTables {
  std::vector<std::byte*> memory;             ///< by slot
  std::vector<const std::byte* const*> rows;  ///< by slot
  std::vector<int64_t> ends;           ///< by shard of the batch: the row behind its last one
  std::vector<const std::byte*> sums;  ///< of the shards that have rows, in order

  Range rows_of(int shard) const {
    const auto at = static_cast<size_t>(shard);
    return {at == 0 ? 0 : ends[at - 1], ends[at]};
  }
  void divide(int64_t batch) {
    const auto count = static_cast<int>(ends.size());
    for (int i = 0; i < count; ++i) {
      ends[static_cast<size_t>(i)] = rows_of_shard(batch, count, i).end;
    }
  }
};

}  // namespace cornu::inline v0
