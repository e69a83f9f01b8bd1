#pragma once

#include <string_view>

#include "cornu/training/callback.h"

namespace cornu::inline v0 {

/// Error, for a callback that sets the learning rate, when the optimizer has a schedule.
void require_no_schedule(std::string_view callback, const Training& training);

}  // namespace cornu::inline v0
