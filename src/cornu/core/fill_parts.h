#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Memory for a part of a file that begins there.
struct FilledPart {
  uint64_t offset;
  std::span<std::byte> to;
};

/// Fills a piece of memory with what belongs there, from byte `begin` of that part on. It may be
/// called by two threads at once, and twice for the same piece.
using FillPart = std::function<void(size_t part, size_t begin, std::span<std::byte> to)>;

/// Whether what belongs there, at byte `begin` of a part, is in memory.
using IsAtHand = std::function<bool(size_t part, size_t begin)>;

/// Fills parts in pieces, cut at each 4 MiB of the file, where its checked units end too: this
/// thread from the first piece on, another from the last on until they meet. So each finds in its
/// cache what it has just read, and the system clears new pages for both at once. The other one
/// ends at the first piece that is not at hand: a disk is read by one thread, in its order.
///
/// Of an error of the other thread nothing is heard: this one comes to that piece after all before
/// it, and fills it again. So errors are those of one thread. Parts of less than 8 MiB together,
/// and everything on one CPU, are filled by this thread alone.
CORNU_API void fill_parts(const std::vector<FilledPart>& parts, const IsAtHand& is_at_hand,
                          const FillPart& fill);

}  // namespace cornu::inline v0
