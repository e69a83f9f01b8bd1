#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// Error unless value is finite and `low` <= value.
inline void require_at_least(std::string_view where, const char* field, double value, double low) {
  if (std::isfinite(value) && value >= low) return;
  throw Error({.where = std::string(where),
               .field = field,
               .expected = std::string(field) + " of " + shortest(low) + " or more",
               .found = shortest(value)});
}

/// Error unless `low` <= value <= `high`.
inline void require_within(std::string_view where, const char* field, double value, double low,
                           double high) {
  if (value >= low && value <= high) return;
  throw Error({.where = std::string(where),
               .field = field,
               .expected = shortest(low) + " <= " + field + " <= " + shortest(high),
               .found = shortest(value)});
}

}  // namespace cornu::inline v0
