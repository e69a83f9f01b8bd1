#pragma once

namespace cornu::inline v0 {

/// The folder of the repository, without a slash at its end.
extern const char* const kSourceFolder;

/// The built command; empty where it is not built.
extern const char* const kCommand;

/// mpirun of the MPI for which a module was built; empty where none was.
extern const char* const kMpirunOfOpenMpi;
extern const char* const kMpirunOfMpich;

}  // namespace cornu::inline v0
