#include "cornu/core/pages_ahead.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <system_error>
#include <utility>

#include "cornu/core/cpus.h"

namespace cornu::inline v0 {
namespace {

constexpr size_t kLeastAhead = size_t{16} << 20;
// Two huge pages, half a millisecond's work: the owner waits no longer for the thread's end.
constexpr size_t kPagesPiece = size_t{4} << 20;

bool populate(std::span<std::byte> part) {
#ifdef MADV_POPULATE_WRITE
  const auto before =
      reinterpret_cast<uintptr_t>(part.data()) % static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  return ::madvise(part.data() - before, part.size() + before, MADV_POPULATE_WRITE) == 0;
#else
  return part.empty();
#endif
}

void populate_backwards(const std::vector<std::span<std::byte>>& parts,
                        const std::stop_token& stop) {
  for (auto each = parts.rbegin(); each != parts.rend(); ++each) {
    std::span<std::byte> part = *each;
    while (!part.empty()) {
      const size_t size = std::min(kPagesPiece, part.size());
      if (stop.stop_requested() || !populate(part.last(size))) return;
      part = part.first(part.size() - size);
    }
  }
}

}  // namespace

PagesAhead::PagesAhead(std::vector<std::span<std::byte>> parts) {
  size_t size = 0;
  for (const auto& part : parts) size += part.size();
  if (size < kLeastAhead || usable_cpus().threads() < 2) return;
  // Without a thread the pages come when they are written to.
  try {
    thread_ = std::jthread([parts = std::move(parts)](const std::stop_token& stop) {
      populate_backwards(parts, stop);
    });
  } catch (const std::system_error&) {
  } catch (const std::bad_alloc&) {
  }
}

void PagesAhead::finish() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace cornu::inline v0
