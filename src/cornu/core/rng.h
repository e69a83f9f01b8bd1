#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Random numbers that are functions of their purpose (key, sample, block), never of when or where
/// they are drawn: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw 2011), keyed, counted by (sample,
/// block).
struct Philox {
  /// Four random words for block `block` of sample `sample` under `key`.
  static constexpr std::array<uint32_t, 4> words(uint64_t key, uint64_t sample, uint64_t block) {
    std::array<uint32_t, 4> c = {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32),
                                 static_cast<uint32_t>(sample),
                                 static_cast<uint32_t>(sample >> 32)};
    auto k0 = static_cast<uint32_t>(key);
    auto k1 = static_cast<uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const uint64_t a = uint64_t{0xD2511F53} * c[0];
      const uint64_t b = uint64_t{0xCD9E8D57} * c[2];
      c = {static_cast<uint32_t>(b >> 32) ^ c[1] ^ k0, static_cast<uint32_t>(b),
           static_cast<uint32_t>(a >> 32) ^ c[3] ^ k1, static_cast<uint32_t>(a)};
      k0 += 0x9E3779B9;  // the golden ratio and √3 − 1, as in the paper
      k1 += 0xBB67AE85;
    }
    return c;
  }
};

/// A float in [0, 1) from a random word: its top 24 bits, exactly.
constexpr float uniform(uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24F;
}
/// A double in [0, 1) from two random words: 53 bits, exactly.
constexpr double uniform(uint32_t high, uint32_t low) {
  const uint64_t bits = (uint64_t{high} << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

/// Mixes two words into one (splitmix64's finalizer; Steele, Lea, Flood 2014).
constexpr uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t x = a + 0x9E3779B97F4A7C15 * (b + 1);
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return x ^ x >> 31;
}

/// A number for a name, the same on every machine (FNV-1a, 64 bits).
constexpr uint64_t name_hash(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

/// The ids 0 … ids.size() - 1 in a random order that depends on `key` alone (Fisher and Yates;
/// unbiased bounded draws after Lemire 2019).
CORNU_API void shuffled(uint64_t key, std::span<uint64_t> ids);

}  // namespace cornu::inline v0
