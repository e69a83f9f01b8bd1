#pragma once

// Replaces the functions that allocate memory, for the whole program that links this, by functions
// that count and then call glibc's. tests/CMakeLists.txt leaves it out of the builds with
// sanitizers, which replace the same functions.

#include <cstdint>
#include <string>

namespace cornu::inline v0 {

/// Allocations by every thread.
int64_t allocations_so_far();

/// Records from here on the call stack of the first allocation, which helps when a test fails.
void remember_next_allocation();
/// That call stack as text; empty if nothing was allocated.
std::string remembered_allocation();

/// Makes allocations on this thread fail, from the `first` one on (0: the next), `many` of them,
/// for as long as this lives.
class FailingAllocations {
 public:
  explicit FailingAllocations(int64_t first, int64_t many = 1);
  ~FailingAllocations();
  FailingAllocations(const FailingAllocations&) = delete;
  FailingAllocations& operator=(const FailingAllocations&) = delete;
  /// Whether one has failed.
  static bool any();
};

}  // namespace cornu::inline v0
