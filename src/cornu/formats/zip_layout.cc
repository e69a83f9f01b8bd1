// libzip compares the directory with the headers of the members, but lets members overlap. A file
// of 1.5 MB whose headers share their extra fields then costs it a gigabyte of memory. So all
// places are verified here before it sees the file.
#include "cornu/formats/zip_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/little_endian.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats {
namespace {

constexpr size_t kMostNameBytes = 1024;
constexpr uint32_t kIsZip64 = 0xFFFFFFFF;
constexpr uint16_t kEncrypted = 0x2041;  // encryption, its strong form, a hidden directory

struct ZipDirectory {
  uint64_t begin, end, entries;
};

// A member's header and data.
struct ZipExtent {
  uint64_t begin, end;
  std::string_view name;
};

[[noreturn]] void refuse_zip(const std::string& where, std::string what, std::string expected = {},
                             std::string found = {}, ErrorKind kind = ErrorKind::corrupt) {
  throw Error({.kind = kind,
               .where = where,
               .what = std::move(what),
               .expected = std::move(expected),
               .found = std::move(found)});
}

[[noreturn]] void refuse_cut(const std::string& where) {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = "not a complete zip; file may be cut off",
               .hint = "copy or fetch the file again"});
}

std::string member_of(const std::string& where, std::string_view name) {
  return where + ": member " + shown(name);
}

// A record of fixed size.
class ZipRecord {
 public:
  ZipRecord(ByteSource& file, uint64_t offset, size_t size) : bytes_(file.view(offset, size)) {}

  uint16_t u16(size_t field) const { return little_endian<uint16_t>(bytes_, field); }
  uint32_t u32(size_t field) const { return little_endian<uint32_t>(bytes_, field); }

 private:
  std::span<const std::byte> bytes_;
};

uint32_t magic_at(ByteSource& file, uint64_t offset) {
  return ZipRecord(file, offset, 4).u32(0);
}

// The directory that the record at the file's end tells of. A comment behind it would let a file
// have two ends, so there must be none.
ZipDirectory directory_of(ByteSource& file, const std::string& where) {
  const uint32_t magic = file.size() < 4 ? 0 : magic_at(file, 0);
  if (magic != kZipLocal && magic != kZipEnd) {
    refuse_zip(where, "not a zip file", "\"PK\" and 0x0304 or 0x0506 at its start");
  }
  if (file.size() < kZipEndSize) refuse_cut(where);
  const uint64_t at = file.size() - kZipEndSize;
  const ZipRecord record(file, at, kZipEndSize);
  if (record.u32(0) != kZipEnd || record.u16(20) != 0) refuse_cut(where);
  const uint16_t entries = record.u16(8);
  if (record.u16(4) != 0 || record.u16(6) != 0 || entries != record.u16(10)) {
    refuse_zip(where, "one part of several", "an archive in one file", {}, ErrorKind::unsupported);
  }
  const uint64_t size = record.u32(12);
  const uint64_t begin = record.u32(16);
  if (begin == kIsZip64 || size == kIsZip64 || entries > kZipMostMembers ||
      (at >= kZip64LocatorSize && magic_at(file, at - kZip64LocatorSize) == kZip64Locator)) {
    refuse_zip(where, "too large an archive",
               fmt::format("less than 4 GiB and at most {} members", kZipMostMembers), {},
               ErrorKind::unsupported);
  }
  if (begin > at || size != at - begin) {
    refuse_zip(where, "its directory does not lie before its end",
               fmt::format("{} bytes from byte {} on", size, begin),
               fmt::format("an end at byte {}", at));
  }
  if (entries == 0 && size != 0) {
    refuse_zip(where, "its directory", "no bytes for no members", std::to_string(size));
  }
  return {begin, at, entries};
}

// libzip finds the last end whose comment reaches the end of the file, and would prefer another.
void require_one_end(ByteSource& file, const std::string& where) {
  constexpr uint64_t kMostComment = 0xFFFF;
  const uint64_t last = file.size() - kZipEndSize;
  const uint64_t first = last - std::min(last, kMostComment);
  const std::span<const std::byte> tail = file.view(first, file.size() - first);
  for (size_t at = 0; first + at < last; ++at) {
    if (little_endian<uint32_t>(tail, at) == kZipEnd &&
        little_endian<uint16_t>(tail, at + 20) == last - first - at) {
      refuse_zip(where, "it has two ends", "one directory",
                 fmt::format("another at byte {}", first + at));
    }
  }
}

class ZipWalk {
 public:
  ZipWalk(ByteSource& file, const std::string& where)
      : file_(file), where_(where), directory_(directory_of(file, where)) {
    require_one_end(file, where);
  }

  std::vector<ZipPlace> places() {
    std::vector<ZipPlace> places;
    for (uint64_t at = directory_.begin; places.size() < directory_.entries;) {
      at = next(at, places);
    }
    require_distinct(places);
    require_apart();
    return places;
  }

 private:
  std::string_view text(uint64_t at, uint64_t size) const {
    return {reinterpret_cast<const char*>(file_.view(at, size).data()), size};
  }

  // Reads the entry at `at` and returns where the next one begins.
  uint64_t next(uint64_t at, std::vector<ZipPlace>& places) {
    const uint64_t rest = directory_.end - at;
    if (rest < kZipCentralSize || magic_at(file_, at) != kZipCentral) {
      refuse_zip(where_, fmt::format("no entry of its directory at byte {}", at),
                 fmt::format("{} members", directory_.entries), std::to_string(places.size()));
    }
    const ZipRecord entry(file_, at, kZipCentralSize);
    const uint64_t name_size = entry.u16(28);
    const uint64_t size = kZipCentralSize + name_size + entry.u16(30) + entry.u16(32);
    const bool is_last = places.size() + 1 == directory_.entries;
    if (size > rest || (is_last && size != rest)) {
      refuse_zip(where_, fmt::format("the entry of its directory at byte {}", at),
                 fmt::format("{} {} bytes", is_last ? "exactly" : "at most", rest),
                 std::to_string(size));
    }
    const std::string_view name = text(at + kZipCentralSize, name_size);
    check_name(name);
    places.push_back(place_of(entry, name));
    return at + size;
  }

  void check_name(std::string_view name) const {
    const std::string fault = zip_name_fault(name);
    if (!fault.empty()) refuse_zip(member_of(where_, name), "its name " + fault);
  }

  // The place of the member that this entry tells of, behind its own header.
  ZipPlace place_of(const ZipRecord& entry, std::string_view name) {
    const uint64_t size = entry.u32(20);
    const uint64_t begin = entry.u32(42);
    if (size == kIsZip64 || begin == kIsZip64 || entry.u32(24) == kIsZip64) {
      refuse_zip(member_of(where_, name), "too large", "less than 4 GiB", {},
                 ErrorKind::unsupported);
    }
    if (entry.u16(34) != 0) {
      refuse_zip(member_of(where_, name), "it lies in another part of the archive", {}, {},
                 ErrorKind::unsupported);
    }
    const uint64_t room = directory_.begin;
    if (begin > room || room - begin < kZipLocalSize || magic_at(file_, begin) != kZipLocal) {
      refuse_zip(member_of(where_, name), fmt::format("no header at byte {}", begin));
    }
    const ZipRecord header(file_, begin, kZipLocalSize);
    const uint64_t name_size = header.u16(26);
    const uint64_t data = begin + kZipLocalSize + name_size + header.u16(28);
    if (data > room || size > room - data) {
      refuse_zip(member_of(where_, name), "it reaches into the directory",
                 fmt::format("an end before byte {}", room), std::to_string(data + size));
    }
    const std::string_view other = text(begin + kZipLocalSize, name_size);
    if (other != name) {
      refuse_zip(member_of(where_, name), "its header disagrees with the directory",
                 "the same name", shown(other));
    }
    if (((entry.u16(8) | header.u16(6)) & kEncrypted) != 0) {
      throw Error({.kind = ErrorKind::unsupported,
                   .where = member_of(where_, name),
                   .what = "encrypted",
                   .hint = "unpack the archive and pack it again without a password"});
    }
    extents_.push_back({begin, data + size, name});
    return {.name = name, .offset = data, .size = size};
  }

  void require_distinct(std::span<const ZipPlace> places) const {
    std::vector<std::string_view> names;
    for (const ZipPlace& place : places) names.push_back(place.name);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) refuse_zip(member_of(where_, *twice), "the name is given twice");
  }

  void require_apart() {
    std::ranges::sort(extents_, {}, &ZipExtent::begin);
    uint64_t end = 0;
    for (size_t i = 0; i < extents_.size(); ++i) {
      const ZipExtent& extent = extents_[i];
      if (extent.begin < end) {
        refuse_zip(where_,
                   fmt::format("entries overlap: {} and {}", shown(extents_[i - 1].name),
                               shown(extent.name)),
                   fmt::format("a header from byte {} on", end), std::to_string(extent.begin));
      }
      end = extent.end;
    }
  }

  ByteSource& file_;
  const std::string& where_;
  ZipDirectory directory_;
  std::vector<ZipExtent> extents_;
};

std::string character_fault(std::string_view name) {
  for (std::string_view rest = name; !rest.empty();) {
    const size_t size = character_size(rest);
    if (size == 0) return "is not UTF-8";
    if (is_control(rest.substr(0, size))) return "has a control character";
    rest.remove_prefix(size);
  }
  return {};
}

bool has_parent_folder(std::string_view name) {
  for (std::string_view rest = name; !rest.empty();) {
    const size_t size = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, size) == "..") return true;
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return false;
}

}  // namespace

std::string zip_name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kMostNameBytes) return fmt::format("has more than {} bytes", kMostNameBytes);
  const std::string fault = character_fault(name);
  if (!fault.empty()) return fault;
  if (name.starts_with('/')) return "begins with '/'";
  if (name.find('\\') != std::string_view::npos) return "has a backslash";
  if (name.size() > 1 && name[1] == ':') return "begins with a drive's letter";
  if (has_parent_folder(name)) return "leads out of the archive by \"..\"";
  return {};
}

std::vector<ZipPlace> zip_layout(ByteSource& file, const std::string& where) {
  return ZipWalk(file, where).places();
}

}  // namespace cornu::inline v0::formats
