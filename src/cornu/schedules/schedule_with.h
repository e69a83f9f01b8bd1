#pragma once

#include <numbers>

#include "cornu/core/math.h"
#include "cornu/core/range.h"
#include "cornu/schedules/learning_rate.h"

namespace cornu::inline v0 {

/// Implements name() and config() for a schedule of class S.
template <class S>
class ScheduleWith : public ScheduleDescription {
 public:
  using Options = typename S::Options;
  explicit ScheduleWith(Options given) : options(std::move(given)) {}
  std::string_view name() const override { return S::kName; }
  Value::Map config() const override { return fields_to_map(options); }

 protected:
  /// Error unless the number is finite and at least the minimum.
  void require_at_least(const char* field, double value, double low) const {
    cornu::require_at_least(S::kName, field, value, low);
  }

  Options options;
};

/// Half a cosine from 1 at 0 down to 0 at 1.
inline double cosine_fall(double fraction) {
  return 0.5 * (1 + cos_of(std::numbers::pi * fraction));
}

}  // namespace cornu::inline v0
