#pragma once

#include <span>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// The processors that this process may use.
struct Cpus {
  int cpus = 1;      ///< by its affinity
  int cores = 1;     ///< of these CPUs: hyper-threads of one core count once
  double quota = 0;  ///< in CPUs, by its cgroup and those above it; 0: no limit

  /// One thread per core, within the quota; at least 1.
  CORNU_API int threads() const;
};

CORNU_API Cpus usable_cpus();

/// The same for these CPUs, with the files of /proc and /sys below `root`.
CORNU_API Cpus usable_cpus(std::span<const int> affinity, const std::string& root);

}  // namespace cornu::inline v0
