#pragma once

#include <memory>
#include <string>

#include "cornu/core/communicator.h"
#include "cornu/core/export.h"
#include "cornu/mpi/launch.h"

namespace cornu::inline v0 {

struct MpiOptions {
  /// Seconds that an exchange waits for another process; infinity: without end.
  double timeout = 10;
  /// Seconds within which all processes must begin.
  double start_timeout = 60;
  /// Path of libcornu_mpi_openmpi.so or libcornu_mpi_mpich.so. Empty: the one for the MPI whose
  /// launcher started this process, looked for at the path in CORNU_MPI_LIBRARY, beside Cornu's
  /// library, in the folder of libraries beside the program's, and where the loader looks.
  std::string library = {};

  static void visit_fields(auto& self, auto& v) {
    v("timeout", self.timeout);
    v("start_timeout", self.start_timeout);
    v("library", self.library);
  }
};

/// The processes that mpirun, mpiexec or srun started together, through MPI; without a launcher, a
/// single one. All of them make the same calls of this function, on the thread that ends the
/// process. Nothing in Cornu is linked to an MPI: the module for it is loaded here.
///
/// Its destructor waits until all processes are there, and MPI ends with the process. After an
/// exception of an exchange, or where an exception destroys it, or where the process ends with
/// another status than 0 before it is destroyed, all processes end when this one does.
CORNU_API std::shared_ptr<Communicator> mpi_communicator(const MpiOptions& options = {});

}  // namespace cornu::inline v0
