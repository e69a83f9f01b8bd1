#pragma once

#include <string_view>
#include <vector>

#include "cornu/core/export.h"

namespace cornu::inline v0::kernels {

/// An instruction set that the kernels are compiled for. All give the same bits.
enum class Target { avx512, avx2, neon, portable };

/// The best target of this CPU, and all its targets, best first; portable is always one of them.
CORNU_API Target best_target();
CORNU_API std::vector<Target> supported_targets();

CORNU_API std::string_view name(Target target);

}  // namespace cornu::inline v0::kernels
