#include "cornu/core/free_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace cornu::inline v0 {
namespace {

// In memory, or on the disk that swaps it.
std::optional<int64_t> available_to_all() {
  std::ifstream file("/proc/meminfo");
  std::optional<int64_t> bytes;
  for (std::string name, rest; file >> name; std::getline(file, rest)) {
    int64_t kibibytes = 0;
    const bool counts = name == "MemAvailable:" || name == "SwapFree:";
    if (counts && file >> kibibytes) bytes = bytes.value_or(0) + kibibytes * 1024;
  }
  return bytes;
}

std::optional<int64_t> left_by_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
  int64_t pages = 0;  // of address space that are in use
  std::ifstream("/proc/self/statm") >> pages;
  const auto most = static_cast<int64_t>(limit.rlim_cur);
  return std::max<int64_t>(0, most - pages * ::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::optional<int64_t> free_memory() {
  const std::optional<int64_t> available = available_to_all();
  const std::optional<int64_t> left = left_by_limit();
  if (!available || !left) return available ? available : left;
  return std::min(*available, *left);
}

}  // namespace cornu::inline v0
