#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>

namespace cornu::inline v0::formats {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie");

/// The little-endian number at byte `at`, which must be there.
template <std::unsigned_integral T>
T little_endian(std::span<const std::byte> bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.subspan(at, sizeof(T)).data(), sizeof(T));
  return value;
}

}  // namespace cornu::inline v0::formats
