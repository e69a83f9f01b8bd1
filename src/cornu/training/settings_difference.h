#pragma once

#include <string>
#include <vector>

#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// What differs between the settings of a fit and those of the one that it resumes, one line each:
/// "optimizer/config/learning_rate: 0.01, before 0.001". A number and the same whole number are
/// equal.
std::vector<std::string> settings_differences(const Value& here, const Value& before);

}  // namespace cornu::inline v0
