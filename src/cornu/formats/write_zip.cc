#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/formats/little_endian.h"
#include "cornu/formats/utf8.h"
#include "cornu/formats/zip.h"
#include "cornu/formats/zip_layout.h"

namespace cornu::inline v0::formats {
namespace {

constexpr uint16_t kVersion = 20;         // 2.0: what is needed to read folders and deflate
constexpr uint16_t kMadeByUnix = 3 << 8;  // so the attributes are a Unix mode
constexpr uint32_t kMode = 0100644;
constexpr uint16_t kUtf8 = 1 << 11;
constexpr uint16_t kFirstDay = 1 << 5 | 1;  // 1980-01-01, the first that a date can say
constexpr uint64_t kMostBytes = 0xFFFFFFFE;
constexpr size_t kCrcOffset = 14;

// Writes into an archive's memory, whose size was computed before.
class ZipOutput {
 public:
  explicit ZipOutput(Block& block) : begin_(block.data()), at_(block.data()) {}

  uint32_t offset() const { return static_cast<uint32_t>(at_ - begin_); }

  template <std::unsigned_integral T>
  void put(T value) {
    std::memcpy(at_, &value, sizeof(T));
    at_ += sizeof(T);
  }
  void put(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  // Copies the bytes and returns their CRC-32, computed while they are in the cache.
  uint32_t put(std::span<const std::byte> bytes) {
    constexpr size_t kPiece = 1 << 17;
    uint32_t crc = 0;
    while (!bytes.empty()) {
      const size_t size = std::min(kPiece, bytes.size());
      std::memcpy(at_, bytes.data(), size);
      crc = libdeflate_crc32(crc, at_, size);
      at_ += size;
      bytes = bytes.subspan(size);
    }
    return crc;
  }

  void set_at(uint32_t offset, uint32_t value) {
    std::memcpy(begin_ + offset, &value, sizeof(value));
  }

 private:
  std::byte* begin_;
  std::byte* at_;
};

// The fields that a member's header and its entry in the directory share.
void put_shared(ZipOutput& out, const ZipMember& member, uint32_t crc) {
  const bool is_ascii = std::ranges::all_of(member.name, [](char c) { return c >= 0; });
  const auto size = static_cast<uint32_t>(member.bytes.size());
  out.put(kVersion);
  out.put(static_cast<uint16_t>(is_ascii ? 0 : kUtf8));
  out.put(uint16_t{0});  // stored
  out.put(uint16_t{0});  // midnight
  out.put(kFirstDay);
  out.put(crc);
  out.put(size);
  out.put(size);
  out.put(static_cast<uint16_t>(member.name.size()));
  out.put(uint16_t{0});  // no extra fields
}

uint32_t put_member(ZipOutput& out, const ZipMember& member) {
  const uint32_t begin = out.offset();
  out.put(kZipLocal);
  put_shared(out, member, 0);
  out.put(std::string_view(member.name));
  const uint32_t crc = out.put(member.bytes);
  out.set_at(begin + kCrcOffset, crc);
  return crc;
}

void put_entry(ZipOutput& out, const ZipMember& member, uint32_t offset, uint32_t crc) {
  out.put(kZipCentral);
  out.put(static_cast<uint16_t>(kMadeByUnix | kVersion));
  put_shared(out, member, crc);
  out.put(uint16_t{0});  // no comment
  out.put(uint16_t{0});  // on the first disk
  out.put(uint16_t{0});  // no text
  out.put(kMode << 16);
  out.put(offset);
  out.put(std::string_view(member.name));
}

void put_end(ZipOutput& out, size_t members, uint32_t directory) {
  const uint32_t size = out.offset() - directory;
  out.put(kZipEnd);
  out.put(uint16_t{0});  // one disk
  out.put(uint16_t{0});
  out.put(static_cast<uint16_t>(members));
  out.put(static_cast<uint16_t>(members));
  out.put(size);
  out.put(directory);
  out.put(uint16_t{0});  // no comment
}

// The archive's size. Error unless read_zip would read it.
uint64_t checked_size(std::span<const ZipMember> members) {
  std::set<std::string_view> names;
  uint64_t size = kZipEndSize;
  for (const ZipMember& member : members) {
    std::string fault = zip_name_fault(member.name);
    if (fault.empty() && member.name.ends_with('/')) fault = "ends with '/', as a folder's does";
    if (fault.empty() && !names.insert(member.name).second) fault = "is given twice";
    if (!fault.empty()) {
      throw Error({.where = "zip", .what = "the name " + shown(member.name) + " " + fault});
    }
    size += kZipLocalSize + kZipCentralSize + 2 * member.name.size() + member.bytes.size();
  }
  if (size > kMostBytes || members.size() > kZipMostMembers) {
    throw Error({.where = "zip",
                 .expected = fmt::format("less than 4 GiB and at most {} members", kZipMostMembers),
                 .found = fmt::format("{} bytes and {} members", size, members.size())});
  }
  return size;
}

}  // namespace

Block write_zip(std::span<const ZipMember> members) {
  Block file(checked_size(members));
  file.prefer_huge_pages();
  ZipOutput out(file);
  std::vector<std::pair<uint32_t, uint32_t>> offsets_and_crcs;
  for (const ZipMember& member : members) {
    const uint32_t offset = out.offset();
    offsets_and_crcs.emplace_back(offset, put_member(out, member));
  }
  const uint32_t directory = out.offset();
  for (size_t i = 0; i < members.size(); ++i) {
    put_entry(out, members[i], offsets_and_crcs[i].first, offsets_and_crcs[i].second);
  }
  put_end(out, members.size(), directory);
  return file;
}

}  // namespace cornu::inline v0::formats
