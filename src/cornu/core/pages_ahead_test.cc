#include "cornu/core/pages_ahead.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

#include "cornu/core/cpus.h"

namespace cornu::inline v0 {
namespace pages_ahead_test {

constexpr size_t kSize = size_t{48} << 20;

/// Memory that the system has given no page of.
class NewMemory {
 public:
  NewMemory()
      : begin_(::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (begin_ == MAP_FAILED) throw std::bad_alloc();
  }
  ~NewMemory() { ::munmap(begin_, kSize); }
  NewMemory(const NewMemory&) = delete;
  NewMemory& operator=(const NewMemory&) = delete;

  std::span<std::byte> span() const { return {static_cast<std::byte*>(begin_), kSize}; }

  size_t pages_there() const {
    std::vector<unsigned char> there(kSize / page());
    if (::mincore(begin_, kSize, there.data()) != 0) return 0;
    return static_cast<size_t>(
        std::ranges::count_if(there, [](unsigned char each) { return (each & 1) != 0; }));
  }
  static size_t page() { return static_cast<size_t>(::sysconf(_SC_PAGESIZE)); }

 private:
  void* begin_;
};

// Asked of the system, so that a PagesAhead that does nothing is not taken for one that cannot.
bool can_populate() {
#ifdef MADV_POPULATE_WRITE
  const NewMemory memory;
  return ::madvise(memory.span().data(), NewMemory::page(), MADV_POPULATE_WRITE) == 0;
#else
  return false;
#endif
}

TEST(PagesAhead, GivesAllPagesAndLeavesTheBytes) {
  if (usable_cpus().threads() < 2) GTEST_SKIP() << "one CPU";
  if (!can_populate()) GTEST_SKIP() << "this system does not know how";
  const NewMemory memory;
  const auto bytes = memory.span();
  bytes[0] = std::byte{1};
  bytes[kSize / 2] = std::byte{2};
  bytes[kSize - 1] = std::byte{3};
  // Two parts that share a page.
  PagesAhead ahead({bytes.first(kSize / 3 + 5), bytes.subspan(kSize / 3 + 5)});
  ahead.finish();
  EXPECT_EQ(memory.pages_there(), kSize / NewMemory::page());
  EXPECT_EQ(bytes[0], std::byte{1});
  EXPECT_EQ(bytes[kSize / 2], std::byte{2});
  EXPECT_EQ(bytes[kSize - 1], std::byte{3});
  EXPECT_EQ(std::ranges::count(bytes, std::byte{0}), static_cast<int64_t>(kSize) - 3);
}

TEST(PagesAhead, LeavesALittleMemoryAlone) {
  const NewMemory memory;
  PagesAhead ahead({memory.span().first(1 << 20), {}});
  ahead.finish();
  EXPECT_EQ(memory.pages_there(), 0U);
}

TEST(PagesAhead, EndsWithItsOwner) {
  const NewMemory memory;
  for (int i = 0; i < 20; ++i) {
    const PagesAhead ahead({memory.span()});
    memory.span()[static_cast<size_t>(i)] = std::byte{7};
  }
  EXPECT_EQ(std::ranges::count(memory.span(), std::byte{7}), 20);
}

}  // namespace pages_ahead_test
}  // namespace cornu::inline v0
