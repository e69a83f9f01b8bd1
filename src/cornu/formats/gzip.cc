#include "cornu/formats/gzip.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <cassert>
#include <memory>
#include <new>

#include "cornu/core/error.h"
#include "cornu/formats/little_endian.h"

namespace cornu::inline v0::formats {
namespace {

// RFC 1952: magic, method, flags, time, extra flags, system; and CRC-32 with the size's low bits.
constexpr size_t kHeader = 10;
constexpr size_t kTrailer = 8;
constexpr int kDeflate = 8;
// As small as `gzip -9`; the two levels above take many times as long and save one per cent.
constexpr int kLevel = 9;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* each) const { libdeflate_free_decompressor(each); }
};
struct FreeCompressor {
  void operator()(libdeflate_compressor* each) const { libdeflate_free_compressor(each); }
};

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = what,
               .hint = "fetch the file again: it was damaged or cut off"});
}

// One gzip file, member by member. libdeflate's own reader of members does not say which
// fault it found, so headers and trailers are read here.
class Members {
 public:
  Members(std::span<const std::byte> bytes, std::span<std::byte> room, const std::string& where)
      : bytes_(bytes), room_(room), where_(where), decompressor_(libdeflate_alloc_decompressor()) {
    if (!decompressor_) throw std::bad_alloc();
  }

  size_t unpack() {
    do {
      read_header();
      const std::span<const std::byte> payload = inflate();
      check_trailer(payload);
      written_ += payload.size();
    } while (at_ < bytes_.size());
    return written_;
  }

 private:
  [[noreturn]] void refuse_end() const {
    refuse(where_, fmt::format("unexpected end at byte {}", bytes_.size()));
  }

  void need(size_t count) const {
    if (bytes_.size() - at_ < count) refuse_end();
  }

  void skip_text() {
    while (at_ < bytes_.size() && bytes_[at_] != std::byte{0}) ++at_;
    need(1);
    ++at_;
  }

  void read_header() {
    const std::span<const std::byte> rest = bytes_.subspan(at_);
    if (!is_gzip(rest)) {
      refuse(where_,
             fmt::format("{} bytes that are not gzip follow its end at byte {}", rest.size(), at_));
    }
    need(kHeader);
    const size_t begin = at_;
    const int method = std::to_integer<int>(rest[2]);
    if (method != kDeflate) {
      refuse(where_,
             fmt::format("damaged at byte {} (unknown compression method {})", at_ + 2, method));
    }
    const unsigned flags = std::to_integer<unsigned>(rest[3]);
    if (flags > 0x1F) refuse(where_, fmt::format("damaged at byte {} (unknown flags)", at_ + 3));
    at_ += kHeader;
    if ((flags & 4) != 0) {  // an extra field
      need(2);
      const size_t size = little_endian<uint16_t>(bytes_, at_);
      at_ += 2;
      need(size);
      at_ += size;
    }
    if ((flags & 8) != 0) skip_text();   // the file's name
    if ((flags & 16) != 0) skip_text();  // a comment
    if ((flags & 2) != 0) check_header(begin);
  }

  void check_header(size_t begin) {
    need(2);
    const uint32_t crc = libdeflate_crc32(0, bytes_.data() + begin, at_ - begin);
    if ((crc & 0xFFFF) != little_endian<uint16_t>(bytes_, at_)) {
      refuse(where_, fmt::format("damaged before byte {} (wrong checksum of the header)", at_));
    }
    at_ += 2;
  }

  std::span<const std::byte> inflate() {
    const std::span<std::byte> room = room_.subspan(written_);
    // The library needs a place to write to, even for no bytes.
    std::byte nowhere{};
    size_t read = 0;
    size_t written = 0;
    const libdeflate_result result = libdeflate_deflate_decompress_ex(
        decompressor_.get(), bytes_.data() + at_, bytes_.size() - at_,
        room.empty() ? &nowhere : room.data(), room.size(), &read, &written);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = where_,
                   .what = "unpacks to more than it may, or lacks its end",
                   .expected = fmt::format("at most {} bytes", room_.size()),
                   .hint = "fetch the file again: it was damaged, or made to fill the memory"});
    }
    if (result != LIBDEFLATE_SUCCESS) {
      refuse(where_, fmt::format("damaged or cut off between bytes {} and {}", at_, bytes_.size()));
    }
    at_ += read;
    return room.first(written);
  }

  void check_trailer(std::span<const std::byte> payload) {
    need(kTrailer);
    if (libdeflate_crc32(0, payload.data(), payload.size()) !=
        little_endian<uint32_t>(bytes_, at_)) {
      refuse(where_, fmt::format("damaged before byte {} (wrong checksum)", at_));
    }
    if (static_cast<uint32_t>(payload.size()) != little_endian<uint32_t>(bytes_, at_ + 4)) {
      refuse(where_, fmt::format("damaged at byte {} (wrong length)", at_ + 4));
    }
    at_ += kTrailer;
  }

  std::span<const std::byte> bytes_;
  std::span<std::byte> room_;
  const std::string& where_;
  std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor_;
  size_t at_ = 0;
  size_t written_ = 0;
};

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

size_t gunzip(std::span<const std::byte> bytes, std::span<std::byte> room,
              const std::string& where) {
  if (!is_gzip(bytes)) {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = where,
                 .what = "not a gzip file",
                 .expected = "0x1f 0x8b at its start",
                 .found = bytes.size() < 2
                              ? fmt::format("{} bytes", bytes.size())
                              : fmt::format("0x{:02x} 0x{:02x}", std::to_integer<int>(bytes[0]),
                                            std::to_integer<int>(bytes[1]))});
  }
  return Members(bytes, room, where).unpack();
}

std::vector<std::byte> gzip(std::span<const std::byte> bytes) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw std::bad_alloc();
  std::vector<std::byte> file(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()));
  const size_t size = libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(),
                                               file.data(), file.size());
  assert(size > 0);
  file.resize(size);
  return file;
}

}  // namespace cornu::inline v0::formats
