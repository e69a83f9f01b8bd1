#include "cornu/core/communicator.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <vector>

namespace cornu::inline v0 {

void all_gather(Communicator& communicator, std::span<const std::byte> mine,
                std::span<std::byte> all) {
  assert(all.size() == mine.size() * static_cast<size_t>(communicator.size()));
  std::vector<Outgoing> out;
  std::vector<Incoming> in;
  for (int rank = 0; rank < communicator.size(); ++rank) {
    const auto place = all.subspan(static_cast<size_t>(rank) * mine.size(), mine.size());
    if (rank == communicator.rank()) {
      if (!mine.empty()) std::memmove(place.data(), mine.data(), mine.size());
    } else {
      out.push_back({rank, mine});
      in.push_back({rank, place});
    }
  }
  communicator.exchange(out, in);
}

void broadcast(Communicator& communicator, std::span<std::byte> bytes, int root) {
  if (communicator.rank() != root) {
    const Incoming in = {root, bytes};
    return communicator.exchange({}, {&in, 1});
  }
  std::vector<Outgoing> out;
  for (int rank = 0; rank < communicator.size(); ++rank) {
    if (rank != root) out.push_back({rank, bytes});
  }
  communicator.exchange(out, {});
}

bool is_true_of_any(Communicator& communicator, bool mine) {
  const std::byte own{mine};
  std::vector<std::byte> all(static_cast<size_t>(communicator.size()));
  all_gather(communicator, {&own, 1}, all);
  return std::ranges::any_of(all, [](std::byte each) { return each != std::byte{0}; });
}

}  // namespace cornu::inline v0
