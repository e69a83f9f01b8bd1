#pragma once

#include <optional>
#include <string>

#include "cornu/mpi/launch.h"
#include "cornu/mpi/module_internal.h"

namespace cornu::inline v0 {

/// The module for the MPI of a launcher, or the one at the path `library`. Error when it is
/// missing, of another MPI, or of another Cornu.
CORNU_API const MpiModule& load_mpi_module(const std::optional<Launch>& launch,
                                           const std::string& library);

/// "Open MPI" for "openmpi".
std::string name_of_mpi(const std::string& mpi);

}  // namespace cornu::inline v0
