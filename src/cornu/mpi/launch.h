#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// What a launcher of MPI programs (mpirun, mpiexec, srun) says of itself in the environment of the
/// processes that it starts.
struct Launch {
  std::string by;                 ///< for messages: "mpirun of Open MPI"
  std::string variable;           ///< that tells its number of processes
  int rank = 0;                   ///< of this process
  int size = 0;                   ///< number of processes; 0: it does not say
  std::vector<std::string> mpis;  ///< that it may start, best first: "openmpi", "mpich"
};

/// The launcher that started this process, if one did.
CORNU_API std::optional<Launch> mpi_launch();

/// The same of another environment: `value_of(name)` is null where it has no such variable.
CORNU_API std::optional<Launch> mpi_launch(
    const std::function<const char*(const char* name)>& value_of);

}  // namespace cornu::inline v0
