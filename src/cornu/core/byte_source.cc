#include "cornu/core/byte_source.h"

#include <algorithm>
#include <cstring>

#include "cornu/core/block.h"
#include "cornu/core/error.h"
#include "cornu/core/file_internal.h"

namespace cornu::inline v0 {
namespace {

// Half of a second-level cache, so that whoever is told of a piece finds it there.
constexpr size_t kPiece = size_t{256} << 10;
// What is read at least for a view.
constexpr uint64_t kUnit = uint64_t{64} << 10;

}  // namespace

void ByteSource::require(uint64_t offset, uint64_t length) const {
  if (offset <= size() && length <= size() - offset) return;
  throw Error({.where = "ByteSource",
               .expected = "a part of " + std::to_string(size()) + " bytes",
               .found = std::to_string(length) + " from byte " + std::to_string(offset) + " on"});
}

std::span<const std::byte> MemoryBytes::view(uint64_t offset, uint64_t length) {
  require(offset, length);
  return bytes_.subspan(static_cast<size_t>(offset), static_cast<size_t>(length));
}

void MemoryBytes::read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) {
  std::span<const std::byte> from = view(offset, to.size());
  for (size_t done = 0; done < to.size();) {
    const size_t count = std::min(kPiece, to.size() - done);
    std::memcpy(to.data() + done, from.data() + done, count);
    arrived(done += count);
  }
}

struct FileBytes::Content {
  RegularFile file;
  // Of views, made for the first one. The system gives only the pages that are written; for a file
  // larger than its memory it may refuse even those.
  Block memory;
  std::vector<bool> is_read;  // by units
};

FileBytes::FileBytes(const std::string& path, uint64_t limit)
    : content_(new Content{.file = {path, limit}, .memory = {}, .is_read = {}}) {
  content_->is_read.resize(static_cast<size_t>((size() + kUnit - 1) / kUnit));
}

FileBytes::~FileBytes() = default;

uint64_t FileBytes::size() const {
  return content_->file.size();
}

std::span<const std::byte> FileBytes::view(uint64_t offset, uint64_t length) {
  require(offset, length);
  if (content_->memory.size() < size()) content_->memory = Block(static_cast<size_t>(size()));
  const std::span<std::byte> memory = content_->memory.span();
  std::vector<bool>& is_read = content_->is_read;
  const size_t end = (offset + length + kUnit - 1) / kUnit;
  for (size_t unit = length == 0 ? end : offset / kUnit; unit < end;) {
    size_t after = unit;
    while (after < end && !is_read[after]) ++after;
    const uint64_t begin = unit * kUnit;
    content_->file.read(begin, memory.subspan(begin, std::min(after * kUnit, size()) - begin));
    for (; unit < after; ++unit) is_read[unit] = true;
    while (unit < end && is_read[unit]) ++unit;
  }
  return memory.subspan(static_cast<size_t>(offset), static_cast<size_t>(length));
}

void FileBytes::read(uint64_t offset, std::span<std::byte> to, const Arrived& arrived) {
  require(offset, to.size());
  for (size_t done = 0; done < to.size();) {
    const size_t count = std::min(kPiece, to.size() - done);
    content_->file.read(offset + done, to.subspan(done, count));
    arrived(done += count);
  }
}

bool FileBytes::is_at_hand(uint64_t offset) const {
  return content_->file.is_in_memory(offset);
}

void FileBytes::require_unchanged() const {
  content_->file.require_unchanged();
}

}  // namespace cornu::inline v0
