#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/core/version.h"

// Between the library and libcornu_mpi_NAME.so, which is built once for each MPI. Only a module of
// the same text is called, so both sides know the same types. Raise the number when this file or
// core/communicator.h changes.
#define CORNU_MPI_MODULE CORNU_VERSION ", module 2"

namespace cornu::inline v0 {

struct MpiWorld {
  int rank = 0, size = 0;
  std::vector<std::string> hosts = {};  // of each rank
  std::string version = {};             // "Open MPI 4.1.4"
};

enum class MpiStart {
  begun,
  late,        // not all processes came in time
  ended,       // MPI was ended before
  one_thread,  // the program began MPI for calls of one thread
};

/// What went wrong in an exchange; nothing did if both are empty.
struct MpiFault {
  std::vector<int> silent = {};  // ranks that did not answer in time
  std::string text = {};
};

struct MpiModule {
  const char* text;  // CORNU_MPI_MODULE when it was compiled
  const char* mpi;   // "openmpi" or "mpich"

  /// Begins MPI, for which all processes must come within `timeout` seconds, or joins a program
  /// that has begun it.
  MpiStart (*start)(double timeout, MpiWorld& world);
  /// As Communicator::exchange; a message of more than `part` bytes is sent in parts.
  MpiFault (*exchange)(std::span<const Outgoing> out, std::span<const Incoming> in, double timeout,
                       size_t part);
  /// The work has ended. Waits for the others, and MPI ends with the process; or the work has
  /// failed, then all processes end with this one.
  void (*close)(bool failed);
  void (*abort)(int status);
};

}  // namespace cornu::inline v0

/// The one symbol of a module.
extern "C" const cornu::MpiModule* cornu_mpi_module();
using FindMpiModule = decltype(cornu_mpi_module);
