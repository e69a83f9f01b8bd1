#include "cornu/formats/hdf5_encoding_internal.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

static_assert(std::endian::native == std::endian::little, "the file's byte order is little-endian");

constexpr size_t kHeapObject = 16;      // before its bytes
constexpr size_t kLeastHeap = 4096;     // of which the library reads at least so many bytes
constexpr size_t kFullHeap = 65'536;    // where the next collection begins
constexpr size_t kMaxStrings = 65'535;  // in a collection: an index has 16 bits

// The one kind that all elements of a list have; ints are doubles where some are.
std::optional<Datatype> common_type(const Value::List& list) {
  const auto all = [&list](auto is) { return std::ranges::all_of(list, is); };
  if (all(&Value::is_string)) {
    return Datatype{.kind = Datatype::Kind::variable_text, .size = 16, .name = "string"};
  }
  if (all(&Value::is_bool)) return datatype_named("bool");
  if (all(&Value::is_int)) return datatype_named("int64");
  if (all(&Value::is_number)) return datatype_named("float64");
  return std::nullopt;
}

bool put_element(const Value& value, const Datatype& type, GlobalHeap& strings, Bytes& data) {
  switch (type.kind) {
    case Datatype::Kind::variable_text: {
      const std::string& text = value.as_string();
      if (text.find('\0') != text.npos || !is_utf8(text)) return false;
      strings.add(text, data);
      return true;
    }
    case Datatype::Kind::boolean:
      data.put(value.as_bool() ? 1 : 0, 1);
      return true;
    case Datatype::Kind::integer:
      data.put(static_cast<uint64_t>(value.as_int()), 8);
      return true;
    default:
      data.put(std::bit_cast<uint64_t>(value.as_double()), 8);
      return true;
  }
}

}  // namespace

Bytes& Bytes::put(uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes_.push_back(static_cast<std::byte>(value >> 8 * i));
  return *this;
}

Bytes& Bytes::put(std::string_view text) {
  return put(std::as_bytes(std::span(text)));
}

Bytes& Bytes::put(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

Bytes& Bytes::put(const Bytes& other) {
  for (const Reference& reference : other.references_) {
    references_.push_back({size() + reference.place, reference.section});
  }
  return put(other.all());
}

Bytes& Bytes::put_reference(Section section, uint64_t offset) {
  references_.push_back({size(), section});
  return put(offset, 8);
}

Bytes& Bytes::zeros(size_t count) {
  bytes_.resize(bytes_.size() + count);
  return *this;
}

void Bytes::set(size_t place, uint64_t value) {
  std::memcpy(bytes_.data() + place, &value, sizeof value);
}

void Bytes::resolve(uint64_t strings_at, uint64_t data_at) {
  for (const Reference& reference : references_) {
    uint64_t offset = 0;
    std::memcpy(&offset, bytes_.data() + reference.place, sizeof offset);
    set(reference.place, offset + (reference.section == Section::strings ? strings_at : data_at));
  }
  references_.clear();
}

void Messages::add(uint16_t type, uint8_t flags, const Bytes& body) {
  bytes_.put(type, 2).put((body.size() + 7) / 8 * 8, 2).put(flags, 1).zeros(3).put(body).align();
  ++count_;
}

void GlobalHeap::add(std::string_view text, Bytes& data) {
  if (count_ == kMaxStrings || bytes_.size() - begin_ >= kFullHeap) close();
  if (count_ == 0) {
    begin_ = bytes_.size();
    bytes_.put("GCOL").put(1, 1).zeros(3).put(0, 8);  // its size, when it is closed
  }
  ++count_;
  bytes_.put(count_, 2).zeros(6).put(text.size(), 8).put(text).align();
  data.put(text.size(), 4).put_reference(Section::strings, begin_).put(count_, 4);
}

// What is left of a collection is an object of its own, number 0.
void GlobalHeap::close() {
  if (count_ == 0) return;
  const size_t used = bytes_.size() - begin_;
  size_t free = used < kLeastHeap ? kLeastHeap - used : 0;
  if (free > 0 && free < kHeapObject) free += kHeapObject;
  if (free > 0) bytes_.zeros(8).put(free, 8).zeros(free - kHeapObject);
  bytes_.set(begin_ + 8, used + free);
  count_ = 0;
}

std::optional<AttributeValue> encode(const Value& value, GlobalHeap& strings) {
  const bool is_list = value.is_list();
  const Value::List alone = is_list ? Value::List() : Value::List{value};
  const Value::List& list = is_list ? value.as_list() : alone;
  // Keras writes an empty list as float64.
  const std::optional<Datatype> type = list.empty() ? datatype_named("float64") : common_type(list);
  if (!type) return std::nullopt;
  AttributeValue encoded = {.type = *type,
                            .shape = is_list ? Shape{static_cast<int64_t>(list.size())} : Shape{}};
  for (const Value& each : list) {
    if (!put_element(each, *type, strings, encoded.data)) return std::nullopt;
  }
  return encoded;
}

Bytes datatype_message(const Datatype& type) {
  Bytes bytes;
  const auto head = [&bytes](uint8_t type_class, uint32_t bits, uint32_t size) {
    bytes.put(0x10U | type_class, 1).put(bits, 3).put(size, 4);
  };
  const auto integer = [&](bool is_signed, uint32_t size) {
    head(0, is_signed ? 0x08 : 0, size);
    bytes.put(0, 2).put(8 * size, 2);
  };
  switch (type.kind) {
    case Datatype::Kind::integer:
      integer(type.is_signed, type.size);
      break;
    case Datatype::Kind::floating: {
      const FloatFormat& format = *float_named(type.name);
      head(1, 0x20U | (8 * type.size - 1) << 8, type.size);  // the sign is the last bit
      bytes.put(0, 2).put(8 * type.size, 2);
      bytes.put(format.mantissa_bits, 1).put(format.exponent_bits, 1);
      bytes.put(0, 1).put(format.mantissa_bits, 1).put(format.bias, 4);
      break;
    }
    case Datatype::Kind::boolean:  // an enum of two
      head(8, 2, 1);
      integer(true, 1);
      for (const std::string_view member : {"FALSE", "TRUE"}) {
        bytes.put(member).zeros(8 - member.size());
      }
      bytes.put(0, 1).put(1, 1);
      break;
    case Datatype::Kind::fixed_text:
      head(3, type.padding, type.size);
      break;
    case Datatype::Kind::variable_text:
      head(9, 0x0101, type.size);  // text in UTF-8, …
      integer(false, 1);           // … in bytes
      break;
    case Datatype::Kind::other:
      break;
  }
  return bytes;
}

Bytes dataspace_message(const Shape& shape) {
  Bytes bytes;
  bytes.put(1, 1).put(static_cast<uint64_t>(shape.ndim()), 1).zeros(6);
  for (const int64_t extent : shape.extents()) bytes.put(static_cast<uint64_t>(extent), 8);
  return bytes;
}

}  // namespace cornu::inline v0::formats::hdf5
