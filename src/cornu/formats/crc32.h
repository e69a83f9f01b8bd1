#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// The CRC-32 of ZIP and gzip of all bytes so far; begin with 0.
CORNU_API uint32_t crc32(uint32_t before, std::span<const std::byte> bytes);

/// Joins the CRC-32 of bytes to that of a number of bytes behind them.
class CORNU_API Crc32Join {
 public:
  explicit Crc32Join(uint64_t second_size);
  uint32_t operator()(uint32_t first, uint32_t second) const;

 private:
  uint32_t shift_;
};

}  // namespace cornu::inline v0::formats
