#pragma once

#include <cstdint>

#include "cornu/core/export.h"
#include "cornu/core/target_domain.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The index of the first target outside the domain; for TargetDomain::shares, of the first element
/// of the first line outside it. -1 if there is none. Small rounding errors are tolerated.
CORNU_API int64_t first_without_meaning(TensorView targets, TargetDomain domain);

/// A domain in the words of an Error.
struct Words {
  const char* expected;
  const char* hint;
};
Words words_of(TargetDomain domain);

}  // namespace cornu::inline v0
