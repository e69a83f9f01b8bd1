// Object headers: the messages that describe a group or a dataset, in one block or several.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "cornu/formats/hdf5_internal.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

constexpr std::string_view kBlock2 = "OCHK";
constexpr std::string_view kHeader2 = "OHDR";
constexpr size_t kChecksum = 4;

constexpr uint8_t kShared = 0x02;         // the message is elsewhere
constexpr uint8_t kFailIfUnknown = 0x80;  // whoever does not know it must not read the object

// More than eight links or attributes of an object of the newer kind are kept in a heap with an
// index of its own.
std::optional<DenseLinks> dense_links(Cursor info) {
  info.version(0, 0);
  if ((info.u8() & 0x01) != 0) info.skip(8);  // the order of creation
  const uint64_t heap = info.u64();
  if (heap == kUndefined) return std::nullopt;
  return DenseLinks{heap, info.u64()};
}

// Keras's files never have them.
void refuse_dense_attributes(const File& file, Cursor info) {
  info.version(0, 0);
  if ((info.u8() & 0x01) != 0) info.skip(2);
  if (info.u64() == kUndefined) return;
  file.unsupported("more than eight attributes of the newer kind cannot be read", {},
                   "save the file without libver=\"latest\" and track_order");
}

// Takes the messages as they come and keeps those that are needed.
class KeptMessages {
 public:
  explicit KeptMessages(File& file) : file_(file) {}

  void take(uint16_t type, uint8_t flags, Cursor body) {
    if ((flags & kShared) != 0) return shared(type);
    switch (type) {
      case kDataspace:
        return once(header_.dataspace, body, "dataspaces");
      case kDatatype:
        return once(header_.datatype, body, "datatypes");
      case kLayout:
        return once(header_.layout, body, "data layouts");
      case kFilters:
        return once(header_.filters, body, "filter pipelines");
      case kSymbolTable:
        header_.is_group = true;
        return once(header_.symbol_table, body, "symbol tables");
      case kLinkInfo:
        header_.is_group = true;
        header_.dense_links = dense_links(body);
        return;
      case kGroupInfo:
        header_.is_group = true;
        return;
      case kLink:
        header_.is_group = true;
        file_.count_object();
        return header_.links.push_back(body);
      case kAttribute:
        file_.count_elements(2);  // an attribute takes about the memory of two elements of a list
        return header_.attributes.push_back(body);
      case kAttributeInfo:
        return refuse_dense_attributes(file_, body);
      case kExternalFiles:
        header_.has_external_files = true;
        return;
      case kContinuation: {
        const uint64_t address = body.u64();
        continuations_.push_back({address, body.u64()});
        return;
      }
      default:
        if (type > kLastKnown && (flags & kFailIfUnknown) != 0) {
          file_.unsupported(fmt::format("a message of the unknown type {}", type));
        }
    }
  }

  // The address and length of a block that is still to be read.
  std::optional<std::pair<uint64_t, uint64_t>> next_block() {
    if (read_ == continuations_.size()) return std::nullopt;
    return continuations_[read_++];
  }

  Header header() && { return std::move(header_); }

 private:
  void once(std::optional<Cursor>& place, const Cursor& body, const char* what) {
    if (place) file_.corrupt(fmt::format("an object with two {}", what));
    place = body;
  }

  void shared(uint16_t type) {
    if (type == kDatatype) {
      header_.has_shared_datatype = true;
    } else if (type == kDataspace || type == kAttribute || type == kFilters) {
      file_.unsupported("messages that several objects share cannot be read");
    }
  }

  File& file_;
  Header header_;
  std::vector<std::pair<uint64_t, uint64_t>> continuations_;
  size_t read_ = 0;
};

Header read_version_1(File& file, uint64_t address) {
  constexpr uint64_t kPrefix = 16;
  Cursor prefix = file.at(address, kPrefix, "object header");
  prefix.version(1, 1);
  prefix.skip(1);
  uint16_t messages = prefix.u16();
  prefix.skip(4);  // how many links lead here
  const uint64_t size = prefix.u32();
  KeptMessages kept(file);
  Cursor block = file.claim(address, kPrefix + size, "object header");
  block.skip(kPrefix);
  while (true) {
    constexpr size_t kMessage = 8;  // before its body
    for (; messages > 0 && block.left() >= kMessage; --messages) {
      const uint16_t type = block.u16();
      const uint16_t length = block.u16();
      const uint8_t flags = block.u8();
      block.skip(3);
      kept.take(type, flags, block.part(length, "message"));
    }
    const auto next = kept.next_block();
    if (!next) return std::move(kept).header();
    block = file.claim(next->first, next->second, "continuation of an object header");
  }
}

// A block of version 2 without its checksum, which is verified.
Cursor checked_block(File& file, uint64_t address, uint64_t length, const char* what) {
  Cursor whole = file.claim(address, length, what);
  if (length < kChecksum) {
    file.corrupt(fmt::format("the {} at address {} is too short", what, address));
  }
  const std::span<const std::byte> bytes =
      file.at(address, length - kChecksum, what).take(length - kChecksum);
  Cursor body = whole.part(length - kChecksum, what);
  if (whole.u32() != lookup3(bytes)) {
    file.corrupt(fmt::format("the checksum of the {} at address {} is wrong", what, address));
  }
  return body;
}

Header read_version_2(File& file, uint64_t address) {
  constexpr uint64_t kLongestPrefix = 34;
  Cursor prefix =
      file.at(address, std::min(kLongestPrefix, file.size() - address), "object header");
  prefix.expect(kHeader2);
  prefix.version(2, 2);
  const uint8_t flags = prefix.u8();
  if ((flags & 0x20) != 0) prefix.skip(16);  // four times
  if ((flags & 0x10) != 0) prefix.skip(4);   // how many attributes make a heap of them
  const uint64_t size = prefix.number(size_t{1} << (flags & 0x03));
  const uint64_t before = prefix.address() - address;
  if (size > file.size()) {
    file.corrupt(fmt::format("the object header at address {} is longer than the file", address));
  }
  KeptMessages kept(file);
  Cursor block = checked_block(file, address, before + size + kChecksum, "object header");
  block.skip(before);
  const size_t order = (flags & 0x04) != 0 ? 2 : 0;
  while (true) {
    while (block.left() >= 4 + order) {  // what is shorter is a gap
      const uint8_t type = block.u8();
      const uint16_t length = block.u16();
      const uint8_t message_flags = block.u8();
      block.skip(order);
      kept.take(type, message_flags, block.part(length, "message"));
    }
    const auto next = kept.next_block();
    if (!next) return std::move(kept).header();
    block = checked_block(file, next->first, next->second, "continuation of an object header");
    block.expect(kBlock2);
  }
}

}  // namespace

Header read_header(File& file, uint64_t address) {
  const bool is_version_2 =
      file.at(address, kHeader2.size(), "object header").text(kHeader2.size()) == kHeader2;
  return is_version_2 ? read_version_2(file, address) : read_version_1(file, address);
}

uint32_t lookup3(std::span<const std::byte> bytes) {
  uint32_t a = 0xdeadbeef + static_cast<uint32_t>(bytes.size());
  uint32_t b = a;
  uint32_t c = a;
  const auto word = [&bytes](size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < std::min(at + 4, bytes.size()); ++i) {
      value |= std::to_integer<uint32_t>(bytes[i]) << 8 * (i - at);
    }
    return value;
  };
  while (bytes.size() > 12) {
    a += word(0);
    b += word(4);
    c += word(8);
    a -= c, a ^= std::rotl(c, 4), c += b;
    b -= a, b ^= std::rotl(a, 6), a += c;
    c -= b, c ^= std::rotl(b, 8), b += a;
    a -= c, a ^= std::rotl(c, 16), c += b;
    b -= a, b ^= std::rotl(a, 19), a += c;
    c -= b, c ^= std::rotl(b, 4), b += a;
    bytes = bytes.subspan(12);
  }
  if (bytes.empty()) return c;
  a += word(0);
  b += word(4);
  c += word(8);
  c ^= b, c -= std::rotl(b, 14);
  a ^= c, a -= std::rotl(c, 11);
  b ^= a, b -= std::rotl(a, 25);
  c ^= b, c -= std::rotl(b, 16);
  a ^= c, a -= std::rotl(c, 4);
  b ^= a, b -= std::rotl(a, 14);
  c ^= b, c -= std::rotl(b, 24);
  return c;
}

}  // namespace cornu::inline v0::formats::hdf5
