#pragma once

#include <span>
#include <string>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// What this process may use of the machine's processors.
struct Cpus {
  int cpus = 1;      ///< by its affinity
  int cores = 1;     ///< that these CPUs belong to: hyper-threads of one core count once
  double quota = 0;  ///< CPUs' time that its cgroup and those above allow; 0: no limit

  /// One thread per core, within the quota; at least 1.
  CORNU_API int threads() const;
};

CORNU_API Cpus usable_cpus();

/// The same for these CPUs, with the files of /proc and /sys below `root`.
CORNU_API Cpus usable_cpus(std::span<const int> affinity, const std::string& root);

}  // namespace cornu::inline v0
