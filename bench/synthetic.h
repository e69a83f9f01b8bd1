#pragma once

#include <cstdint>

#include "cornu/cornu.h"

namespace cornu::bench {

/// Byte n of the synthetic inputs, of which `density` are non-zero on average: with
/// h = n · 9E3779B97F4A7C15₁₆ mod 2⁶⁴, h ^= h >> 32, h = h · D6E8FEB86659FD93₁₆ mod 2⁶⁴,
/// h ^= h >> 32, it is 1 + (h >> 32) mod 255 where h mod 2³² < density · 2³², else 0.
/// `bench/peers/data.py` makes the same bytes.
inline uint8_t synthetic_byte(uint64_t n, double density) {
  uint64_t h = n * 0x9E3779B97F4A7C15U;
  h ^= h >> 32;
  h *= 0xD6E8FEB86659FD93U;
  h ^= h >> 32;
  if (static_cast<double>(h & 0xFFFFFFFFU) >= density * 0x1p32) return 0;
  return static_cast<uint8_t>(1 + (h >> 32) % 255);
}

/// Samples of 28 × 28 bytes with labels 0 … 9 in turn.
inline Dataset synthetic(int64_t samples, double density) {
  Tensor x({samples, 28, 28}, DType::uint8), y({samples}, DType::uint8);
  uint64_t n = 0;
  for (uint8_t& byte : x.span<uint8_t>()) byte = synthetic_byte(n++, density);
  uint8_t label = 0;
  for (uint8_t& each : y.span<uint8_t>()) {
    each = label;
    label = static_cast<uint8_t>((label + 1) % 10);
  }
  return {std::move(x), std::move(y)};
}

}  // namespace cornu::bench
