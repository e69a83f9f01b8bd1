#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <set>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/crc32.h"
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

class ZipRecordWriter {
 public:
  template <std::unsigned_integral T>
  void put(T value) {
    put(std::as_bytes(std::span(&value, 1)));
  }
  void put(std::string_view text) { put(std::as_bytes(std::span(text))); }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void put(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  std::vector<std::byte> bytes_;
};

// What the directory says of a member that is written.
struct ZipWritten {
  std::string name;
  uint32_t offset, size, crc;
};

uint32_t crc32_of(const Parts& parts) {
  uint32_t crc = 0;
  for (const std::span<const std::byte> each : parts.spans()) crc = crc32(crc, each);
  return crc;
}

// The fields that a member's header and its entry in the directory share.
void put_shared(ZipRecordWriter& out, const ZipWritten& member) {
  const bool is_ascii = std::ranges::all_of(member.name, [](char c) { return c >= 0; });
  out.put(kVersion);
  out.put(static_cast<uint16_t>(is_ascii ? 0 : kUtf8));
  out.put(uint16_t{0});  // stored
  out.put(uint16_t{0});  // midnight
  out.put(kFirstDay);
  out.put(member.crc);
  out.put(member.size);
  out.put(member.size);
  out.put(static_cast<uint16_t>(member.name.size()));
  out.put(uint16_t{0});  // no extra fields
}

std::vector<std::byte> local_header(const ZipWritten& member) {
  ZipRecordWriter out;
  out.put(kZipLocal);
  put_shared(out, member);
  out.put(std::string_view(member.name));
  return out.take();
}

void put_entry(ZipRecordWriter& out, const ZipWritten& member) {
  out.put(kZipCentral);
  out.put(static_cast<uint16_t>(kMadeByUnix | kVersion));
  put_shared(out, member);
  out.put(uint16_t{0});  // no comment
  out.put(uint16_t{0});  // on the first disk
  out.put(uint16_t{0});  // no text
  out.put(kMode << 16);
  out.put(member.offset);
  out.put(std::string_view(member.name));
}

std::vector<std::byte> directory(std::span<const ZipWritten> members) {
  ZipRecordWriter out;
  for (const ZipWritten& each : members) put_entry(out, each);
  return out.take();
}

std::vector<std::byte> end_record(size_t members, size_t directory_size, uint64_t directory_at) {
  ZipRecordWriter out;
  out.put(kZipEnd);
  out.put(uint16_t{0});  // one disk
  out.put(uint16_t{0});
  out.put(static_cast<uint16_t>(members));
  out.put(static_cast<uint16_t>(members));
  out.put(static_cast<uint32_t>(directory_size));
  out.put(static_cast<uint32_t>(directory_at));
  out.put(uint16_t{0});  // no comment
  return out.take();
}

// Error unless read_zip would read the archive.
void check_members(std::span<const ZipContent> members) {
  std::set<std::string_view> names;
  uint64_t size = kZipEndSize;
  for (const ZipContent& member : members) {
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
}

}  // namespace

Parts zip_parts(std::vector<ZipContent> members) {
  check_members(members);
  Parts file;
  std::vector<ZipWritten> written;
  for (ZipContent& member : members) {
    written.push_back({.name = std::move(member.name),
                       .offset = static_cast<uint32_t>(file.size()),
                       .size = static_cast<uint32_t>(member.bytes.size()),
                       .crc = crc32_of(member.bytes)});
    file.keep(local_header(written.back()));
    file.append(std::move(member.bytes));
  }
  const uint64_t directory_at = file.size();
  file.keep(directory(written));
  file.keep(end_record(written.size(), file.size() - directory_at, directory_at));
  return file;
}

Block write_zip(std::span<const ZipMember> members) {
  std::vector<ZipContent> contents;
  for (const ZipMember& each : members) {
    contents.push_back({.name = each.name, .bytes = {}});
    contents.back().bytes.view(each.bytes);
  }
  return zip_parts(std::move(contents)).gathered();
}

}  // namespace cornu::inline v0::formats
