#include "cornu/core/handle.h"

#include "cornu/core/error.h"

namespace cornu::inline v0 {

void throw_moved_from(const char* what) {
  throw Error({.where = what,
               .what = "was moved from",
               .hint = "use the object it was moved to, or give it a new value"});
}

}  // namespace cornu::inline v0
