#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "cornu/core/byte_source.h"
#include "cornu/core/export.h"

namespace cornu::inline v0::formats {

/// A part of a source, with the CRC-32 that a file tells of it. The checksum is computed of what
/// is read while it is read, in whatever order, and compared when all is done: so bytes are read
/// once, and nothing that came of them may be used before verify() has returned.
class CORNU_API CheckedBytes final : public ByteSource {
 public:
  /// Called with the true CRC-32 when it differs; must throw.
  using Refuse = std::function<void(uint32_t found)>;

  /// The source must live as long.
  CheckedBytes(ByteSource& source, uint64_t offset, uint64_t size, uint32_t crc, Refuse refuse);

  using ByteSource::read;
  uint64_t size() const override { return size_; }
  std::span<const std::byte> view(uint64_t offset, uint64_t length) override;
  void read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) override;
  bool is_at_hand(uint64_t offset) const override { return source_.is_at_hand(offset_ + offset); }
  /// Reads what nobody has read, and compares. Error when the checksum is wrong, or when bytes that
  /// were read twice have changed in between.
  void verify();

 private:
  struct Unit {
    uint32_t crc = 0;
    bool is_known = false, is_viewed = false;
  };
  uint64_t unit_size(size_t unit) const;
  void found(size_t unit, uint32_t crc);
  /// Reads units from this one on, which are all of `to`.
  void read_units(size_t first, std::span<std::byte> to, const Arrived& arrived);
  uint32_t joined() const;

  ByteSource& source_;
  uint64_t offset_, size_;
  uint32_t crc_;
  Refuse refuse_;
  std::mutex mutex_;  ///< of the units, and of the source's views
  std::vector<Unit> units_;
};

}  // namespace cornu::inline v0::formats
