#pragma once

#include <string>
#include <vector>

#include "cornu/kernels/table.h"

namespace cornu::inline v0::cli {

/// Every target there is, best first.
std::vector<kernels::Target> all_targets();

/// What this CPU, as its system lets it be used, lacks for a target: "AVX-512 F, BW". Empty where
/// it lacks nothing that is known of.
std::string lacking(kernels::Target target);

/// Why a target is the one that is used, or why it is not.
std::string target_reason(kernels::Target target);

}  // namespace cornu::inline v0::cli
