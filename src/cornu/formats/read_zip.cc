#include <fmt/format.h>
#include <libdeflate.h>
#include <zip.h>

#include <memory>
#include <new>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/utf8.h"
#include "cornu/formats/zip.h"
#include "cornu/formats/zip_layout.h"

namespace cornu::inline v0::formats {
namespace {

// A block of deflate has a head and takes a bit or more for 258 bytes.
constexpr uint64_t kMostRatio = 1032;
constexpr uint64_t kUnpackedBeyondFile = uint64_t{48} << 20;

struct DiscardZip {
  void operator()(zip_t* each) const { zip_discard(each); }
};
using OpenZip = std::unique_ptr<zip_t, DiscardZip>;

struct FreeZipDecompressor {
  void operator()(libdeflate_decompressor* each) const { libdeflate_free_decompressor(each); }
};

[[noreturn]] void refuse_open(zip_error_t& error, const std::string& where) {
  const int code = zip_error_code_zip(&error);
  std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (code == ZIP_ER_MEMORY) throw std::bad_alloc();
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = code == ZIP_ER_INCONS ? "its directory and its members' headers disagree"
                                             : "libzip cannot read it: " + reason});
}

OpenZip open_zip(std::span<const std::byte> file, const std::string& where) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  if (source == nullptr) refuse_open(error, where);
  OpenZip zip(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!zip) {
    zip_source_free(source);
    refuse_open(error, where);
  }
  zip_error_fini(&error);
  return zip;
}

// An archive of which libzip reads the directory. What it says of a member is verified, and its
// data are unpacked, by libdeflate and in one piece: zlib, which libzip has, takes ten times as
// long for a checksum.
class ZipReader {
 public:
  ZipReader(std::span<const std::byte> file, const std::string& where, const ZipLimits& limits)
      : where_(where),
        places_(zip_layout(file, where)),
        zip_(open_zip(file, where)),
        unpacked_left_(limits.unpacked.value_or(file.size() + kUnpackedBeyondFile)) {}

  std::vector<ZipMember> members() {
    std::vector<zip_stat_t> entries;
    for (size_t index = 0; index < places_.size(); ++index) entries.push_back(entry(index));
    std::vector<ZipMember> members;
    for (size_t index = 0; index < places_.size(); ++index) {
      if (places_[index].name.ends_with('/')) continue;
      members.push_back({.name = std::string(places_[index].name)});
      unpack(entries[index], places_[index], members.back());
    }
    return members;
  }

 private:
  [[noreturn]] void refuse(size_t index, ErrorParts parts) const {
    if (parts.kind == ErrorKind::invalid) parts.kind = ErrorKind::corrupt;
    parts.where = where_ + ": member " + shown(places_[index].name);
    throw Error(std::move(parts));
  }

  // What the directory says of a member, when a member may be so.
  zip_stat_t entry(size_t index) {
    zip_stat_t entry;
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                     ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD |
                                     ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(zip_.get(), index, ZIP_FL_ENC_RAW, &entry) != 0 ||
        (entry.valid & kNeeded) != kNeeded || places_[index].name != entry.name ||
        places_[index].data.size() != entry.comp_size) {
      refuse(index, {.what = "its entry in the directory is ambiguous"});
    }
    require_plain_file(index);
    require_method(index, entry);
    require_possible_size(index, entry);
    return entry;
  }

  void require_plain_file(size_t index) {
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(zip_.get(), index, 0, nullptr, &attributes) != 0) {
      refuse(index, {.what = "it has no attributes"});
    }
    // The upper half is a Unix mode, if it is anything.
    constexpr uint32_t kTypes = 0170000;
    constexpr uint32_t kFile = 0100000;
    constexpr uint32_t kFolder = 0040000;
    constexpr uint32_t kLink = 0120000;
    const uint32_t type = attributes >> 16 & kTypes;
    const uint32_t fitting = places_[index].name.ends_with('/') ? kFolder : kFile;
    if (type != 0 && type != fitting) {
      refuse(index, {.kind = ErrorKind::unsupported,
                     .what = type == kLink ? "a symbolic link" : "neither file nor folder",
                     .expected = "a file"});
    }
  }

  void require_method(size_t index, const zip_stat_t& entry) const {
    if (entry.encryption_method != ZIP_EM_NONE) {
      refuse(index, {.kind = ErrorKind::unsupported, .what = "encrypted"});
    }
    if (entry.comp_method != ZIP_CM_STORE && entry.comp_method != ZIP_CM_DEFLATE) {
      refuse(index, {.kind = ErrorKind::unsupported,
                     .what = "compression method",
                     .expected = "0 (stored) or 8 (deflate)",
                     .found = std::to_string(entry.comp_method)});
    }
  }

  // Before any memory is taken for it.
  void require_possible_size(size_t index, const zip_stat_t& entry) {
    const bool is_stored = entry.comp_method == ZIP_CM_STORE;
    if (is_stored ? entry.size != entry.comp_size : entry.size > kMostRatio * entry.comp_size) {
      refuse(index,
             {.what = is_stored ? "stored, but its sizes differ"
                                : "its size is more than its compressed bytes can hold",
              .expected = fmt::format("{} {} bytes", is_stored ? "exactly" : "at most",
                                      is_stored ? entry.comp_size : kMostRatio * entry.comp_size),
              .found = std::to_string(entry.size)});
    }
    if (places_[index].name.ends_with('/') && entry.size != 0) {
      refuse(index, {.what = "a folder with bytes", .found = std::to_string(entry.size)});
    }
    if (is_stored) return;
    if (entry.size > unpacked_left_) {
      refuse(index, {.kind = ErrorKind::unsupported,
                     .what = "the archive unpacks to too much",
                     .expected = fmt::format("at most {} bytes from here on", unpacked_left_),
                     .found = std::to_string(entry.size),
                     .hint = "if you trust it, unpack it and pack it again without compression"});
    }
    unpacked_left_ -= entry.size;
  }

  void unpack(const zip_stat_t& entry, const ZipPlace& place, ZipMember& member) {
    member.bytes = place.data;
    if (entry.comp_method == ZIP_CM_DEFLATE) {
      member.unpacked = Block(entry.size);
      member.unpacked.prefer_huge_pages();
      inflate(entry.index, place.data, member.unpacked.span());
      member.bytes = member.unpacked.span();
    }
    const uint32_t crc = libdeflate_crc32(0, member.bytes.data(), member.bytes.size());
    if (crc != entry.crc) {
      refuse(entry.index, {.what = "wrong checksum",
                           .expected = fmt::format("CRC-32 {:08x}", entry.crc),
                           .found = fmt::format("{:08x}", crc),
                           .hint = "fetch the file again: it was damaged"});
    }
  }

  void inflate(size_t index, std::span<const std::byte> packed, std::span<std::byte> room) {
    if (!decompressor_) decompressor_.reset(libdeflate_alloc_decompressor());
    if (!decompressor_) throw std::bad_alloc();
    size_t read = 0;
    // Without a place for the number of bytes written, it must be exactly the room's.
    const libdeflate_result result =
        libdeflate_deflate_decompress_ex(decompressor_.get(), packed.data(), packed.size(),
                                         room.data(), room.size(), &read, nullptr);
    if (result == LIBDEFLATE_BAD_DATA) refuse(index, {.what = "its compressed bytes are damaged"});
    if (result != LIBDEFLATE_SUCCESS) {
      refuse(index, {.what = result == LIBDEFLATE_SHORT_OUTPUT ? "unpacks to less than its size"
                                                               : "unpacks to more than its size",
                     .expected = fmt::format("exactly {} bytes", room.size())});
    }
    if (read != packed.size()) {
      refuse(index, {.what = "bytes after the end of its compressed ones",
                     .expected = fmt::format("an end at its byte {}", packed.size()),
                     .found = std::to_string(read)});
    }
  }

  const std::string& where_;
  std::vector<ZipPlace> places_;
  OpenZip zip_;
  uint64_t unpacked_left_;
  std::unique_ptr<libdeflate_decompressor, FreeZipDecompressor> decompressor_;
};

}  // namespace

std::vector<ZipMember> read_zip(std::span<const std::byte> file, const std::string& where,
                                const ZipLimits& limits) {
  return ZipReader(file, where, limits).members();
}

}  // namespace cornu::inline v0::formats
