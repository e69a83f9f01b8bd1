#include "cornu/formats/tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

constexpr size_t kTarBlock = 512;

class TarHeader {
  /// A field: where it begins, and its bytes.
  struct HeaderField {
    size_t begin, size;
  };
  static constexpr HeaderField kName = {0, 100};
  static constexpr HeaderField kSize = {124, 12};
  static constexpr HeaderField kChecksum = {148, 8};
  static constexpr HeaderField kType = {156, 1};
  static constexpr HeaderField kMagic = {257, 6};
  static constexpr HeaderField kFolder = {345, 155};

 public:
  TarHeader(std::span<const std::byte> block, std::string where)
      : block_(block), where_(std::move(where)) {}

  bool is_empty() const {
    for (const std::byte each : block_) {
      if (each != std::byte{0}) return false;
    }
    return true;
  }

  // Σ of all bytes, with spaces in place of the checksum itself.
  void require_checksum() const {
    uint64_t sum = kChecksum.size * uint64_t{' '};
    for (size_t i = 0; i < block_.size(); ++i) {
      const bool is_own = i >= kChecksum.begin && i < kChecksum.begin + kChecksum.size;
      if (!is_own) sum += std::to_integer<uint64_t>(block_[i]);
    }
    const uint64_t stated = number(kChecksum, "checksum");
    if (sum != stated) refuse("checksum", std::to_string(sum), std::to_string(stated));
  }

  std::string name() const {
    const std::string_view last = text(kName);
    // GNU keeps other things where ustar has the folder.
    const bool has_folder = raw(kMagic) == std::string_view("ustar\0", kMagic.size);
    const std::string_view folder = has_folder ? text(kFolder) : std::string_view();
    if (last.empty()) refuse("name", "a name", "none");
    return folder.empty() ? std::string(last) : fmt::format("{}/{}", folder, last);
  }
  uint64_t size() const { return number(kSize, "size"); }
  char type() const { return raw(kType)[0]; }

  [[noreturn]] void refuse(const std::string& what, const std::string& expected,
                           const std::string& found, ErrorKind kind = ErrorKind::corrupt) const {
    throw Error(
        {.kind = kind, .where = where_, .what = what, .expected = expected, .found = found});
  }

 private:
  std::string_view raw(HeaderField field) const {
    return {reinterpret_cast<const char*>(block_.data()) + field.begin, field.size};
  }
  // Up to the first zero byte, if there is one.
  std::string_view text(HeaderField field) const {
    const std::string_view all = raw(field);
    return all.substr(0, all.find('\0'));
  }
  // Octal digits, between spaces, up to a zero byte.
  uint64_t number(HeaderField field, const std::string& what) const {
    std::string_view digits = text(field);
    while (digits.starts_with(' ')) digits.remove_prefix(1);
    while (digits.ends_with(' ')) digits.remove_suffix(1);
    if (digits.empty()) refuse(what, "octal digits", "none");
    uint64_t value = 0;
    for (const char each : digits) {
      if (each < '0' || each > '7') refuse(what, "octal digits", "another byte");
      value = 8 * value + static_cast<uint64_t>(each - '0');
    }
    return value;
  }

  std::span<const std::byte> block_;
  std::string where_;
};

}  // namespace

std::vector<TarFile> read_tar(std::span<const std::byte> bytes, const std::string& where) {
  std::vector<TarFile> files;
  for (size_t at = 0; at < bytes.size();) {
    const std::string here = fmt::format("{}: the tar header at byte {}", where, at);
    if (bytes.size() - at < kTarBlock) {
      throw Error({.kind = ErrorKind::corrupt, .where = here, .what = "is cut off"});
    }
    const TarHeader header(bytes.subspan(at, kTarBlock), here);
    if (header.is_empty()) return files;
    header.require_checksum();
    const std::string name = header.name();
    const uint64_t size = header.size();
    at += kTarBlock;
    if (size > bytes.size() - at) {
      header.refuse("size of " + name, fmt::format("at most {}", bytes.size() - at),
                    std::to_string(size));
    }
    switch (header.type()) {
      case '0':
      case '\0':
        files.push_back({name, bytes.subspan(at, static_cast<size_t>(size))});
        break;
      case '5':  // a folder
        break;
      default:
        header.refuse("type of " + name, "a file or a folder",
                      fmt::format("type {:#x}", static_cast<unsigned char>(header.type())),
                      ErrorKind::unsupported);
    }
    const size_t padded = (static_cast<size_t>(size) + kTarBlock - 1) / kTarBlock * kTarBlock;
    at += std::min(padded, bytes.size() - at);
  }
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = "the tar archive is cut off",
               .expected = "an empty block at its end"});
}

}  // namespace cornu::inline v0::formats
