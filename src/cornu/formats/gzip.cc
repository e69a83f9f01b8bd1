#include "cornu/formats/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <new>

#include "cornu/core/error.h"

namespace cornu::inline v0::formats {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, gzip's wrapping
// What one byte of deflate can become at most, by zlib's documentation.
constexpr uint64_t kMaxRatio = 1032;

// zlib counts a call's bytes in 32 bits.
uInt at_once(size_t count) {
  return static_cast<uInt>(std::min<size_t>(count, std::numeric_limits<uInt>::max()));
}

class Inflater {
 public:
  explicit Inflater(std::span<const std::byte> bytes) : bytes_(bytes) {
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Inflates into `room` and drops what was written from its front. zlib's code comes back.
  int run(std::span<std::byte>& room) {
    const uInt offered = at_once(bytes_.size() - read_);
    const uInt space = at_once(room.size());
    // zlib declares its input without const and does not write to it.
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes_.data() + read_));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = space;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    read_ += offered - stream_.avail_in;
    room = room.subspan(space - stream_.avail_out);
    return code;
  }
  void next_member() { inflateReset(&stream_); }
  size_t read() const { return read_; }
  const char* reason() const { return stream_.msg != nullptr ? stream_.msg : "unknown"; }

 private:
  std::span<const std::byte> bytes_;
  size_t read_ = 0;
  z_stream stream_{};
};

// The size that the last member claims, as far as the file's own size makes it possible.
size_t first_guess(std::span<const std::byte> bytes, uint64_t most) {
  uint64_t claimed = 0;
  if (bytes.size() >= 4) {
    for (std::byte each : {bytes[bytes.size() - 1], bytes[bytes.size() - 2],
                           bytes[bytes.size() - 3], bytes[bytes.size() - 4]}) {
      claimed = claimed << 8 | std::to_integer<uint64_t>(each);
    }
  }
  return static_cast<size_t>(std::min({claimed + 1, bytes.size() * kMaxRatio, most}));
}

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error({.kind = ErrorKind::corrupt,
               .where = where,
               .what = what,
               .hint = "fetch the file again: it was damaged or cut off"});
}

}  // namespace

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

std::vector<std::byte> gunzip(std::span<const std::byte> bytes, uint64_t limit,
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
  // One byte past the limit is room enough to see that it is passed.
  const uint64_t most = std::min<uint64_t>(limit, std::numeric_limits<int64_t>::max() - 1) + 1;
  std::vector<std::byte> payload(std::max<size_t>(first_guess(bytes, most), 1));
  std::span<std::byte> room(payload);
  Inflater inflater(bytes);
  while (true) {
    if (room.empty()) {
      const size_t size = payload.size();
      payload.resize(static_cast<size_t>(std::min<uint64_t>(most, uint64_t{size} * 2)));
      room = std::span(payload).subspan(size);
    }
    const size_t read_before = inflater.read();
    const size_t room_before = room.size();
    const int code = inflater.run(room);
    if (payload.size() - room.size() > limit) {
      throw Error({.kind = ErrorKind::corrupt,
                   .where = where,
                   .what = "unpacks to more than it may",
                   .expected = fmt::format("at most {} bytes", limit)});
    }
    if (code == Z_STREAM_END) {
      const std::span<const std::byte> rest = bytes.subspan(inflater.read());
      if (rest.empty()) break;
      if (!is_gzip(rest)) {
        refuse(where, fmt::format("{} bytes that are not gzip follow its end at byte {}",
                                  rest.size(), inflater.read()));
      }
      inflater.next_member();
    } else if (code == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      refuse(where, fmt::format("damaged at byte {} ({})", inflater.read(), inflater.reason()));
    } else if (inflater.read() == read_before && room.size() == room_before) {
      refuse(where, fmt::format("unexpected end at byte {}", bytes.size()));
    }
  }
  payload.resize(payload.size() - room.size());
  return payload;
}

std::vector<std::byte> gzip(std::span<const std::byte> bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  struct End {
    z_stream* stream;
    ~End() { deflateEnd(stream); }
  } const end{&stream};
  std::vector<std::byte> file(deflateBound(&stream, bytes.size()));
  size_t read = 0;
  size_t written = 0;
  int code = Z_OK;
  while (code == Z_OK) {
    const uInt offered = at_once(bytes.size() - read);
    const uInt space = at_once(file.size() - written);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data() + read));
    stream.avail_in = offered;
    stream.next_out = reinterpret_cast<Bytef*>(file.data() + written);
    stream.avail_out = space;
    code = deflate(&stream, read + offered == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    read += offered - stream.avail_in;
    written += space - stream.avail_out;
  }
  assert(code == Z_STREAM_END);
  file.resize(written);
  return file;
}

}  // namespace cornu::inline v0::formats
