#include "cornu/plan/team_use.h"

#include <algorithm>

namespace cornu::inline v0 {
namespace {

std::string rounded(double value) {
  return std::to_string(static_cast<int64_t>(value + 0.5));
}

std::string threads_text(int count) {
  return std::to_string(count) + (count == 1 ? " thread" : " threads");
}

}  // namespace

int TeamUse::members() const {
  const auto most = std::ranges::max_element(steps);
  return most == steps.end() ? 1 : static_cast<int>(most - steps.begin()) + 1;
}

std::string TeamUse::text() const {
  const auto most = static_cast<int>(steps.size());
  if (most <= 1) return "one thread: a step is too small for more, or there are no more";
  if (!elastic) return threads_text(most) + ", as requested";
  std::string text = "up to " + threads_text(most) + ", as many as make steps fastest";
  if (changes == 0) return text + ": all of them, as no thread waited for long";
  text += "; changed " + std::to_string(changes) + (changes == 1 ? " time" : " times");
  return text + ", last from " + std::to_string(last.from) + " to " + std::to_string(last.to) +
         ", when steps took " + rounded(1e6 * last.step_before) + " µs instead of " +
         rounded(1e6 * last.step_after) +
         (last.to < last.from
              ? " and a thread waited for " + rounded(100 * last.waited) + " % of the time"
              : "");
}

}  // namespace cornu::inline v0
