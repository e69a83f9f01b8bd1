#include "cornu/cli/build_description.h"

namespace cornu::inline v0::cli {

std::string compiler() {
#if defined(__clang__)
  return std::string("Clang ") + __clang_version__;
#elif defined(__GNUC__)
  return std::string("GCC ") + __VERSION__;
#else
  return "an unknown compiler";
#endif
}

}  // namespace cornu::inline v0::cli
