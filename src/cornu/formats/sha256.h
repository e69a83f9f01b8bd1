#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cornu/core/byte_source.h"
#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// SHA-256 (FIPS 180-4) over bytes given piece by piece.
class CORNU_API Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view text);
  /// The digest in lower-case hexadecimal; nothing may be added after it.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

CORNU_API std::string sha256(std::span<const std::byte> bytes);
/// Of all that a source has, which need not fit in memory.
CORNU_API std::string sha256(ByteSource& source);

}  // namespace cornu::inline v0::formats
