#include "cornu/formats/checked_bytes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "cornu/core/block.h"
#include "cornu/core/error.h"
#include "cornu/formats/crc32.h"

namespace cornu::inline v0::formats {
namespace {

constexpr uint64_t kUnit = uint64_t{64} << 10;

}  // namespace

CheckedBytes::CheckedBytes(ByteSource& source, uint64_t offset, uint64_t size, uint32_t crc,
                           Refuse refuse)
    : source_(source),
      offset_(offset),
      size_(size),
      crc_(crc),
      refuse_(std::move(refuse)),
      units_(static_cast<size_t>((size + kUnit - 1) / kUnit)) {}

uint64_t CheckedBytes::unit_size(size_t unit) const {
  return std::min(kUnit, size_ - unit * kUnit);
}

void CheckedBytes::found(size_t unit, uint32_t crc) {
  Unit& known = units_[unit];
  if (known.is_known && known.crc != crc) {
    throw Error({.kind = ErrorKind::io, .what = "the file was written to while it was read"});
  }
  known.crc = crc;
  known.is_known = true;
}

std::span<const std::byte> CheckedBytes::view(uint64_t offset, uint64_t length) {
  require(offset, length);
  const std::scoped_lock lock(mutex_);
  for (uint64_t unit = offset / kUnit; unit * kUnit < offset + length; ++unit) {
    if (units_[unit].is_viewed) continue;
    found(unit, crc32(0, source_.view(offset_ + unit * kUnit, unit_size(unit))));
    units_[unit].is_viewed = true;
  }
  return source_.view(offset_ + offset, length);
}

// Whole units come straight from the source, in pieces as large as it gives, and the checksum of
// each is computed while it is in the cache; the ends of the part come from units that are kept.
void CheckedBytes::read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) {
  require(offset, to.size());
  for (size_t done = 0; done < to.size();) {
    const uint64_t at = offset + done;
    const size_t unit = at / kUnit;
    const uint64_t begin = at - unit * kUnit;
    const uint64_t left = to.size() - done;
    const uint64_t whole = begin > 0 ? 0 : at + left == size_ ? left : left - left % kUnit;
    if (whole > 0) {
      read_units(unit, to.subspan(done, whole), [&](size_t there) { arrived(done + there); });
      done += whole;
    } else {
      const size_t count = std::min(unit_size(unit) - begin, left);
      std::memcpy(to.data() + done, view(at, count).data(), count);
      arrived(done += count);
    }
  }
}

void CheckedBytes::read_units(size_t first, std::span<std::byte> to, const Arrived& arrived) {
  size_t unit = first, checked = 0;
  source_.read(offset_ + first * kUnit, to, [&](size_t there) {
    while (checked < there && checked + unit_size(unit) <= there) {
      const auto size = static_cast<size_t>(unit_size(unit));
      const uint32_t crc = crc32(0, to.subspan(checked, size));
      const std::scoped_lock lock(mutex_);
      found(unit++, crc);
      checked += size;
    }
    arrived(there);
  });
}

uint32_t CheckedBytes::joined() const {
  const Crc32Join whole(kUnit);
  uint32_t crc = 0;
  for (size_t i = 0; i < units_.size(); ++i) {
    const bool is_whole = unit_size(i) == kUnit;
    crc = is_whole ? whole(crc, units_[i].crc) : Crc32Join(unit_size(i))(crc, units_[i].crc);
  }
  return crc;
}

void CheckedBytes::verify() {
  Block room;
  for (size_t i = 0; i < units_.size(); ++i) {
    if (units_[i].is_known) continue;
    if (room.size() == 0) room = Block(kUnit);
    const auto bytes = room.span().first(unit_size(i));
    source_.read(offset_ + i * kUnit, bytes);
    found(i, crc32(0, bytes));
  }
  const uint32_t crc = joined();
  if (crc != crc_) refuse_(crc);
}

}  // namespace cornu::inline v0::formats
