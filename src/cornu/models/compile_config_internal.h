#pragma once

#include "cornu/core/value.h"
#include "cornu/models/compile_options.h"

namespace cornu::inline v0 {

/// The options of compile() as data.
CORNU_API Value compile_config(const CompileOptions& options);

}  // namespace cornu::inline v0
