#include "cornu/initializers/draws.h"

#include <cmath>

#include "cornu/core/math.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

double normal_of(uint64_t key, uint64_t attempt, uint64_t index) {
  constexpr double kTurn = 6.283185307179586;
  const auto words = Philox::words(key, attempt, index);
  const double u = 1 - uniform(words[0], words[1]);  // above 0
  return std::sqrt(-2 * log_of(u)) * cos_of(kTurn * uniform(words[2], words[3]));
}

}  // namespace

double uniform_draw(uint64_t key, uint64_t index) {
  const auto words = Philox::words(key, 0, index / 2);
  const size_t half = index % 2 * 2;
  return uniform(words[half], words[half + 1]);
}

double normal_draw(uint64_t key, uint64_t index) {
  return normal_of(key, 0, index);
}

double truncated_normal_draw(uint64_t key, uint64_t index) {
  for (uint64_t attempt = 0;; ++attempt) {
    const double drawn = normal_of(key, attempt, index);
    if (std::abs(drawn) <= 2) return drawn;
  }
}

}  // namespace cornu::inline v0
