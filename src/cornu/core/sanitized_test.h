#pragma once

namespace cornu::inline v0 {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How many of `count` drawn cases a test runs: a quarter under a sanitizer, which checks memory
/// and races; the numbers are checked by all of them in Release.
constexpr int drawn(int count) {
  return kSanitized ? (count + 3) / 4 : count;
}

}  // namespace cornu::inline v0
