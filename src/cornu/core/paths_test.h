#pragma once

namespace cornu::inline v0 {

/// The folder of the repository, without a slash at its end.
extern const char* const kSourceFolder;

/// The built command; empty where it is not built.
extern const char* const kCommand;

}  // namespace cornu::inline v0
