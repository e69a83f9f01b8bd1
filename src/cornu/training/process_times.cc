#include "cornu/training/process_times.h"

#include <algorithm>
#include <vector>

namespace cornu::inline v0 {
namespace {

// What a core's clock or its cache may make of equal machines is less. Shorter fits tell too
// little.
constexpr double kFactor = 1.25;
constexpr double kSeconds = 1;

// The middle one, or the mean of the two in the middle.
double median(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

std::optional<SlowProcess> slow_process(std::span<const double> seconds) {
  if (seconds.size() < 2) return {};
  std::vector<double> others(seconds.begin(), seconds.end());
  const auto slowest = std::ranges::max_element(others);
  const double longest = *slowest;
  const auto rank = static_cast<int>(slowest - others.begin());
  others.erase(slowest);
  const double usual = median(std::move(others));
  if (longest < kFactor * usual || longest < usual + kSeconds) return {};
  return SlowProcess{.rank = rank, .factor = longest / usual, .seconds = longest - usual};
}

}  // namespace cornu::inline v0
