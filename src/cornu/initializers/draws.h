#pragma once

#include <cstdint>

namespace cornu::inline v0 {

/// Number `index` of a stream of uniform numbers in [0, 1), of 53 random bits.
double uniform_draw(uint64_t key, uint64_t index);
/// Number `index` of a stream of standard normal numbers (Box and Muller 1958): √(−2 ln u)·cos 2πv.
double normal_draw(uint64_t key, uint64_t index);
/// The same, drawn again until it lies within two standard deviations.
double truncated_normal_draw(uint64_t key, uint64_t index);

}  // namespace cornu::inline v0
