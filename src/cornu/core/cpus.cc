#include "cornu/core/cpus.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace cornu::inline v0 {
namespace {

std::string first_word(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

// 0 if it is not a number.
double number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

double quota_of(double microseconds, double period) {
  return microseconds > 0 && period > 0 ? microseconds / period : 0;
}

// cgroup v2: "max 100000" or "QUOTA PERIOD" in microseconds.
double quota_v2(const std::string& folder) {
  std::string quota, period;
  std::ifstream(folder + "/cpu.max") >> quota >> period;
  return quota_of(number(quota), number(period));
}

double quota_v1(const std::string& folder) {
  return quota_of(number(first_word(folder + "/cpu.cfs_quota_us")),
                  number(first_word(folder + "/cpu.cfs_period_us")));
}

bool has_controller(const std::string& list, const std::string& name) {
  return ("," + list + ",").find("," + name + ",") != std::string::npos;
}

// The smallest quota of the process's cgroup and those above it: each limits all below.
double quota(const std::string& root) {
  double least = 0;
  const auto take = [&](double quota) {
    if (quota > 0) least = least > 0 ? std::min(least, quota) : quota;
  };
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    // "ID:CONTROLLERS:PATH"; v2 has one such line, without controllers.
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool is_v2 = controllers.empty();
    if (!is_v2 && !has_controller(controllers, "cpu")) continue;
    const std::string top = root + "/sys/fs/cgroup" + (is_v2 ? "" : "/" + controllers);
    for (std::string path = line.substr(second + 1);; path.erase(path.rfind('/'))) {
      if (path == "/") path.clear();
      take(is_v2 ? quota_v2(top + path) : quota_v1(top + path));
      if (path.rfind('/') == std::string::npos) break;
    }
  }
  return least;
}

std::vector<int> affinity() {
  std::vector<int> cpus;
  // The kernel refuses a mask that is too small for its CPUs.
  for (int count = 1024; count <= 1 << 20; count *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(static_cast<size_t>(count)), [](cpu_set_t* s) { CPU_FREE(s); });
    if (!set) break;
    const size_t bytes = CPU_ALLOC_SIZE(static_cast<size_t>(count));
    if (sched_getaffinity(0, bytes, set.get()) != 0) continue;
    for (int cpu = 0; cpu < count; ++cpu) {
      if (CPU_ISSET_S(static_cast<size_t>(cpu), bytes, set.get())) cpus.push_back(cpu);
    }
    break;
  }
  return cpus;
}

}  // namespace

int Cpus::threads() const {
  const int limit = quota > 0 ? std::max(1, static_cast<int>(std::ceil(quota))) : cores;
  return std::max(1, std::min(cores, limit));
}

Cpus usable_cpus(std::span<const int> affinity, const std::string& root) {
  // A CPU whose core the system does not name counts as a core.
  std::set<std::pair<std::string, std::string>> cores;
  for (const int cpu : affinity) {
    const std::string topology =
        root + "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    const std::string core = first_word(topology + "core_id");
    const std::string package = first_word(topology + "physical_package_id");
    cores.insert(core.empty() ? std::pair("cpu", std::to_string(cpu)) : std::pair(package, core));
  }
  return {.cpus = std::max(1, static_cast<int>(affinity.size())),
          .cores = std::max(1, static_cast<int>(cores.size())),
          .quota = quota(root)};
}

Cpus usable_cpus() {
  return usable_cpus(affinity(), "");
}

}  // namespace cornu::inline v0
