#include "cornu/training/fit_state.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {

void check_state_count(const std::string& where, int64_t count) {
  constexpr int64_t kMost = int64_t{1} << 53;
  if (count >= 0 && count <= kMost) return;
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .expected = "epochs, steps and samples from 0 to " + std::to_string(kMost),
               .found = std::to_string(count)});
}

}  // namespace cornu::inline v0
