#pragma once

#include <cstdint>

#include "cornu/core/export.h"
#include "cornu/core/target_domain.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

/// The first element of these rows of targets that has no meaning in the domain; of a line that
/// has none its first element. -1 where all have one. Numbers may lie outside by what
/// roundings come to.
CORNU_API int64_t first_without_meaning(TensorView targets, TargetDomain domain);

/// A domain in the words of an Error.
struct Words {
  const char* expected;
  const char* hint;
};
Words words_of(TargetDomain domain);

}  // namespace cornu::inline v0
