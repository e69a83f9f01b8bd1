#pragma once

#include <string>
#include <vector>

#include "cornu/kernels/table.h"

namespace cornu::inline v0::cli {

/// All targets, best first.
std::vector<kernels::Target> all_targets();

/// The instructions that this CPU and its system lack for a target: "AVX-512 F, BW". Empty if none
/// are known to be missing.
std::string lacking(kernels::Target target);

/// The reason why a target is used or not.
std::string target_reason(kernels::Target target);

}  // namespace cornu::inline v0::cli
