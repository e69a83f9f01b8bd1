#pragma once

// Programs that the launcher of an MPI starts.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "../command/shell.h"
#include "cornu/core/paths_test.h"

namespace cornu::inline v0 {
namespace mpi_test {

inline int occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

inline std::string folder_of_tests() {
  return std::filesystem::canonical("/proc/self/exe").parent_path().string();
}
inline std::string ranks() {
  return folder_of_tests() + "/mpi_ranks";
}
inline std::string module(const std::string& mpi) {
  return folder_of_tests() + "/../lib/libcornu_mpi_" + mpi + ".so";
}
inline std::string mpirun(const std::string& mpi) {
  const bool is_open = mpi == "openmpi";
  const std::string path = is_open ? kMpirunOfOpenMpi : kMpirunOfMpich;
  return path + (is_open ? " --oversubscribe" : "");
}
inline bool is_there(const std::string& mpi) {
  return std::filesystem::exists(module(mpi)) &&
         std::filesystem::exists(mpi == "openmpi" ? kMpirunOfOpenMpi : kMpirunOfMpich);
}

// Root may start processes, more than there are CPUs. MPI leaks at its end. No test hangs.
inline const std::string kBefore =
    "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 "
    "ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 LSAN_OPTIONS=; unset CORNU_MPI_LIBRARY; ";

/// A test of each MPI that was found.
class Mpi : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!is_there(GetParam())) GTEST_SKIP() << "built without " << GetParam();
  }

  // What so many processes do; see ranks.cc.
  Outcome run(int processes, const std::string& arguments) {
    return line("timeout -s KILL 60 " + mpirun(GetParam()) + " -n " + std::to_string(processes) +
                " " + arguments);
  }
  Outcome ranks_do(int processes, const std::string& what) {
    return run(processes, ranks() + " " + what);
  }
  Outcome line(const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = shell_.run(kBefore + text);
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return outcome;
  }

  Shell shell_;
  double seconds_ = 0;
};

}  // namespace mpi_test
}  // namespace cornu::inline v0
