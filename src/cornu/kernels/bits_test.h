#pragma once

// Shared by the tests of kernels: all tables, input numbers, memory that detects a stray store, and
// the comparison of bits.

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cornu/core/rng.h"
#include "cornu/kernels/table.h"

namespace cornu::inline v0::kernels {

struct NamedTable {
  std::string name;
  const Table* kernels;
};

/// The targets of this CPU and, last, the float reference.
inline std::vector<NamedTable> all_tables() {
  std::vector<NamedTable> tables;
  for (Target target : supported_targets()) {
    tables.push_back({std::string(name(target)), &table(target)});
  }
  tables.push_back({"reference", &reference_table<float>()});
  return tables;
}

/// Random numbers, one after the other.
class Draw {
 public:
  explicit Draw(uint64_t key) : key_(key) {}
  uint32_t word() {
    if (at_ % 4 == 0) words_ = Philox::words(key_, 0, at_ / 4);
    return words_[at_++ % 4];
  }
  int64_t below(int64_t bound) { return static_cast<int64_t>(word()) % bound; }
  float between(float low, float high) { return low + (high - low) * uniform(word()); }
  std::vector<float> floats(int64_t size, float low, float high) {
    std::vector<float> values(static_cast<size_t>(size));
    for (float& value : values) value = between(low, high);
    return values;
  }
  /// A random bit pattern: any float.
  float pattern() { return std::bit_cast<float>(word()); }

 private:
  uint64_t key_;
  uint64_t at_ = 0;
  std::array<uint32_t, 4> words_{};
};

inline std::vector<float> special_values() {
  constexpr auto kMax = std::numeric_limits<float>::max();
  constexpr auto kInfinity = std::numeric_limits<float>::infinity();
  return {0.0F,         -0.0F,     0x1p-149F,  -0x1p-149F, 0x1.8p-127F,
          -0x1.8p-127F, 0x1p-126F, -0x1p-126F, 1.0F,       -1.0F,
          kMax,         -kMax,     kInfinity,  -kInfinity, std::numeric_limits<float>::quiet_NaN()};
}

/// All NaNs are equal here: which of them results depends on the CPU.
inline bool same_bits(float a, float b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
}

/// Success if all elements have the same bits; else a failure with the first difference.
inline testing::AssertionResult same_bits(const std::vector<float>& a,
                                          const std::vector<float>& b) {
  if (a.size() != b.size()) return testing::AssertionFailure() << "other sizes";
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same_bits(a[i], b[i])) {
      return testing::AssertionFailure()
             << std::hexfloat << a[i] << " and " << b[i] << std::dec << " at " << i;
    }
  }
  return testing::AssertionSuccess();
}

/// |a − b| ≤ relative · |b| + absolute for all elements.
inline testing::AssertionResult close(const std::vector<float>& a, const std::vector<double>& b,
                                      double relative, double absolute) {
  if (a.size() != b.size()) return testing::AssertionFailure() << "other sizes";
  for (size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= relative * std::abs(b[i]) + absolute)) {
      return testing::AssertionFailure() << a[i] << ", expected " << b[i] << ", at " << i;
    }
  }
  return testing::AssertionSuccess();
}

inline std::vector<double> to_double(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

/// Elements at `offset` from the start of their memory, between guards. Under the address
/// sanitizer its own guard comes right after them, which also catches stray loads.
template <class T>
class GuardedOf {
 public:
  GuardedOf(const std::vector<T>& values, int64_t offset = 0)
      : size_(values.size()),
        start_(kGuard + static_cast<size_t>(offset)),
        memory_(size_ + start_ + kGuardAfter, kSentinel) {
    std::copy(values.begin(), values.end(), memory_.begin() + static_cast<int64_t>(start_));
  }
  T* data() { return memory_.data() + start_; }
  std::vector<T> values() const {
    const auto begin = memory_.begin() + static_cast<int64_t>(start_);
    return {begin, begin + static_cast<int64_t>(size_)};
  }
  /// Whether nothing was stored before or after the values.
  bool intact() const {
    const auto untouched = [](T value) { return value == kSentinel; };
    return std::all_of(memory_.begin(), memory_.begin() + static_cast<int64_t>(start_),
                       untouched) &&
           std::all_of(memory_.begin() + static_cast<int64_t>(start_ + size_), memory_.end(),
                       untouched);
  }

 private:
  static constexpr size_t kGuard = 64;
#ifdef __SANITIZE_ADDRESS__
  static constexpr size_t kGuardAfter = 0;
#else
  static constexpr size_t kGuardAfter = kGuard;
#endif
  static constexpr T kSentinel = static_cast<T>(123.25);
  size_t size_;
  size_t start_;
  std::vector<T> memory_;
};
using Guarded = GuardedOf<float>;

/// Whether the cases of a test have each of `kinds` kinds: no kind can be added without a case.
template <class Cases>
constexpr bool has_each_kind(const Cases& cases, size_t kinds) {
  for (size_t kind = 0; kind < kinds; ++kind) {
    bool found = false;
    for (const auto& each : cases) found = found || static_cast<size_t>(each.kind) == kind;
    if (!found) return false;
  }
  return true;
}

}  // namespace cornu::inline v0::kernels
