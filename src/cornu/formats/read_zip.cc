#include <fmt/format.h>
#include <libdeflate.h>
#include <zip.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/formats/crc32.h"
#include "cornu/formats/utf8.h"
#include "cornu/formats/zip.h"
#include "cornu/formats/zip_layout.h"

namespace cornu::inline v0::formats {
namespace {

// A block of deflate has a head and takes a bit or more for 258 bytes.
constexpr uint64_t kMostRatio = 1032;
constexpr uint64_t kUnpackedBeyondFile = uint64_t{48} << 20;

// A source of bytes as libzip reads one. It must live as long as libzip's.
class LibzipSource {
 public:
  explicit LibzipSource(ByteSource& bytes) : bytes_(bytes) { zip_error_init(&error_); }
  ~LibzipSource() { zip_error_fini(&error_); }
  LibzipSource(const LibzipSource&) = delete;
  LibzipSource& operator=(const LibzipSource&) = delete;

  // nullptr, and the reason in `error`, if there is no memory for it.
  zip_source_t* create(zip_error_t& error) {
    return zip_source_function_create(&LibzipSource::call, this, &error);
  }
  // Throws what reading threw, which cannot pass through libzip.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  static zip_int64_t call(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command);
  zip_int64_t answer(void* data, zip_uint64_t size, zip_source_cmd_t command);
  zip_int64_t read(void* data, zip_uint64_t size);

  ByteSource& bytes_;
  zip_uint64_t at_ = 0;
  zip_error_t error_;
  std::exception_ptr thrown_;
};

zip_int64_t LibzipSource::call(void* self, void* data, zip_uint64_t size,
                               zip_source_cmd_t command) {
  auto* const source = static_cast<LibzipSource*>(self);
  try {
    return source->answer(data, size, command);
  } catch (...) {
    source->thrown_ = std::current_exception();
    zip_error_set(&source->error_, ZIP_ER_READ, 0);
    return -1;
  }
}

zip_int64_t LibzipSource::read(void* data, zip_uint64_t size) {
  const zip_uint64_t count = std::min(size, bytes_.size() - at_);
  bytes_.read(at_, {static_cast<std::byte*>(data), static_cast<size_t>(count)});
  at_ += count;
  return static_cast<zip_int64_t>(count);
}

zip_int64_t LibzipSource::answer(void* data, zip_uint64_t size, zip_source_cmd_t command) {
  switch (command) {
    case ZIP_SOURCE_OPEN:
      at_ = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return read(data, size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
      return 0;
    case ZIP_SOURCE_STAT: {
      auto* const status = static_cast<zip_stat_t*>(data);
      zip_stat_init(status);
      status->size = bytes_.size();
      status->valid = ZIP_STAT_SIZE;
      return sizeof *status;
    }
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&error_, data, size);
    case ZIP_SOURCE_SEEK: {
      const zip_int64_t to =
          zip_source_seek_compute_offset(at_, bytes_.size(), data, size, &error_);
      if (to >= 0) at_ = static_cast<zip_uint64_t>(to);
      return to < 0 ? -1 : 0;
    }
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(at_);
    case ZIP_SOURCE_SUPPORTS:
      return ZIP_SOURCE_SUPPORTS_SEEKABLE;
    default:
      zip_error_set(&error_, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

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

OpenZip open_zip(LibzipSource& file, const std::string& where) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = file.create(error);
  if (source == nullptr) refuse_open(error, where);
  OpenZip zip(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!zip) {
    zip_source_free(source);
    file.rethrow();
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
  ZipReader(ByteSource& file, const std::string& where, const ZipLimits& limits)
      : file_(file),
        where_(where),
        places_(zip_layout(file, where)),
        source_(file),
        zip_(open_zip(source_, where)),
        unpacked_left_(limits.unpacked.value_or(file.size() + kUnpackedBeyondFile)) {}

  // Stored members of more than `most` bytes are left unread.
  std::vector<ZipMember> members(uint64_t most) {
    std::vector<zip_stat_t> entries;
    for (size_t index = 0; index < places_.size(); ++index) entries.push_back(entry(index));
    std::vector<ZipMember> members;
    for (size_t index = 0; index < places_.size(); ++index) {
      if (places_[index].name.ends_with('/')) continue;
      members.push_back({.name = std::string(places_[index].name)});
      if (entries[index].comp_method == ZIP_CM_STORE && entries[index].size > most) {
        members.back().unread = unread(entries[index], places_[index]);
      } else {
        unpack(entries[index], places_[index], members.back());
      }
    }
    return members;
  }

 private:
  static std::string member_in(const std::string& where, std::string_view name) {
    return where + ": member " + shown(name);
  }

  [[noreturn]] void refuse(size_t index, ErrorParts parts) const {
    if (parts.kind == ErrorKind::invalid) parts.kind = ErrorKind::corrupt;
    parts.where = member_in(where_, places_[index].name);
    throw Error(std::move(parts));
  }

  [[noreturn]] static void refuse_checksum(const std::string& member, uint32_t told,
                                           uint32_t found) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = member,
                 .what = "wrong checksum",
                 .expected = fmt::format("CRC-32 {:08x}", told),
                 .found = fmt::format("{:08x}", found),
                 .hint = "fetch the file again: it was damaged"});
  }

  std::unique_ptr<CheckedBytes> unread(const zip_stat_t& entry, const ZipPlace& place) {
    const auto refuse = [member = member_in(where_, place.name), told = entry.crc](uint32_t found) {
      refuse_checksum(member, told, found);
    };
    return std::make_unique<CheckedBytes>(file_, place.offset, place.size, entry.crc, refuse);
  }

  // What the directory says of a member, when a member may be so.
  zip_stat_t entry(size_t index) {
    zip_stat_t entry;
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                     ZIP_STAT_CRC | ZIP_STAT_COMP_METHOD |
                                     ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(zip_.get(), index, ZIP_FL_ENC_RAW, &entry) != 0 ||
        (entry.valid & kNeeded) != kNeeded || places_[index].name != entry.name ||
        places_[index].size != entry.comp_size) {
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
    member.bytes = file_.view(place.offset, place.size);
    if (entry.comp_method == ZIP_CM_DEFLATE) {
      member.unpacked = Block(entry.size);
      member.unpacked.prefer_huge_pages();
      inflate(entry.index, member.bytes, member.unpacked.span());
      member.bytes = member.unpacked.span();
    }
    const uint32_t crc = crc32(0, member.bytes);
    if (crc != entry.crc) refuse_checksum(member_in(where_, place.name), entry.crc, crc);
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

  ByteSource& file_;
  const std::string& where_;
  std::vector<ZipPlace> places_;
  LibzipSource source_;
  OpenZip zip_;
  uint64_t unpacked_left_;
  std::unique_ptr<libdeflate_decompressor, FreeZipDecompressor> decompressor_;
};

}  // namespace

bool reads_zip() {
  return true;
}

std::vector<ZipMember> read_zip(std::span<const std::byte> file, const std::string& where,
                                const ZipLimits& limits) {
  MemoryBytes source(file);
  return ZipReader(source, where, limits).members(file.size());
}

std::vector<ZipMember> read_zip(ByteSource& file, const std::string& where,
                                const ZipLimits& limits) {
  constexpr uint64_t kReadAtOnce = 4096;
  return ZipReader(file, where, limits).members(kReadAtOnce);
}

}  // namespace cornu::inline v0::formats
