#pragma once

// The functions that hand out memory are replaced, for the whole program that links this, by ones
// that count, then do as glibc does. tests/CMakeLists.txt leaves it out of the builds with
// sanitizers, which replace the same functions.

#include <cstdint>
#include <string>

namespace cornu::inline v0 {

/// By every thread.
int64_t allocations_so_far();

/// From here on: the calls that lead to the first allocation, where to look when a test fails.
void remember_next_allocation();
/// Those calls, for people; empty where nothing was allocated.
std::string remembered_allocation();

}  // namespace cornu::inline v0
