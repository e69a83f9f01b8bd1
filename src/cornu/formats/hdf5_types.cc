// Datatype and dataspace messages.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cornu/formats/hdf5_internal.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

constexpr std::array<FloatFormat, 4> kFloats = {{{"float32", 4, 8, 23, 127},
                                                 {"float64", 8, 11, 52, 1023},
                                                 {"float16", 2, 5, 10, 15},
                                                 {"bfloat16", 2, 8, 7, 127}}};

// HDF5's datatype classes by their numbers.
constexpr std::array<std::string_view, 13> kClasses = {
    "integer", "float",           "time",  "string",  "bitfield", "opaque", "compound", "reference",
    "enum",    "variable length", "array", "complex", "unknown"};
enum Class : uint8_t { kInteger = 0, kFloat = 1, kString = 3, kEnum = 8, kVariableLength = 9 };

// What stands before the properties of each class.
struct Head {
  uint8_t version, type_class;
  uint32_t bits;
  uint32_t size;
};

Head read_head(Cursor& cursor) {
  const uint8_t first = cursor.u8();
  Head head = {.version = static_cast<uint8_t>(first >> 4),
               .type_class = static_cast<uint8_t>(first & 0x0F),
               .bits = static_cast<uint32_t>(cursor.number(3)),
               .size = cursor.u32()};
  if (head.size == 0) cursor.file().corrupt("a datatype of no bytes");
  return head;
}

bool is_little_endian(const Head& head) {
  return (head.bits & 0x01) == 0;
}

Datatype other(const Head& head, std::string_view detail = {}) {
  const size_t known = std::min<size_t>(head.type_class, kClasses.size() - 1);
  return {.kind = Datatype::Kind::other,
          .size = head.size,
          .name = fmt::format("{}{}", detail, kClasses[known])};
}

Datatype integer(const Head& head, Cursor& cursor) {
  const uint16_t offset = cursor.u16();
  const uint16_t precision = cursor.u16();
  if (!is_little_endian(head)) return other(head, "big-endian ");
  const bool whole = offset == 0 && precision == 8 * head.size;
  if (!whole || head.size > 8 || (head.size & (head.size - 1)) != 0) return other(head, "packed ");
  const bool is_signed = (head.bits & 0x08) != 0;
  return {.kind = Datatype::Kind::integer,
          .size = head.size,
          .is_signed = is_signed,
          .name = fmt::format("{}int{}", is_signed ? "" : "u", 8 * head.size)};
}

Datatype floating(const Head& head, Cursor& cursor) {
  const uint16_t offset = cursor.u16();
  const uint16_t precision = cursor.u16();
  const uint8_t exponent_at = cursor.u8();
  const uint8_t exponent_bits = cursor.u8();
  const uint8_t mantissa_at = cursor.u8();
  const uint8_t mantissa_bits = cursor.u8();
  const uint32_t bias = cursor.u32();
  if ((head.bits & 0x41) != 0) return other(head, "big-endian ");
  const bool is_implied = (head.bits >> 4 & 3) == 2;  // the mantissa's first bit, a 1
  const uint32_t sign_at = head.bits >> 8 & 0xFF;
  for (const FloatFormat& format : kFloats) {
    if (format.size == head.size && offset == 0 && precision == 8 * head.size && is_implied &&
        exponent_at == format.mantissa_bits && exponent_bits == format.exponent_bits &&
        mantissa_at == 0 && mantissa_bits == format.mantissa_bits && bias == format.bias &&
        sign_at == 8U * head.size - 1) {
      return {.kind = Datatype::Kind::floating,
              .size = head.size,
              .is_signed = true,
              .name = std::string(format.name)};
    }
  }
  return other(head, "unusual ");
}

Datatype fixed_text(const Head& head) {
  const auto padding = static_cast<uint8_t>(head.bits & 0x0F);
  if (padding > 2) return other(head, "unusual ");
  return {.kind = Datatype::Kind::fixed_text,
          .size = head.size,
          .padding = padding,
          .name = fmt::format("S{}", head.size)};
}

// h5py writes a bool as an enum of int8 with the members FALSE = 0 and TRUE = 1.
Datatype enumeration(const Head& head, Cursor& cursor) {
  const Head base = read_head(cursor);
  if (base.type_class != kInteger || base.size != 1 || head.size != 1 ||
      (head.bits & 0xFFFF) != 2) {
    return other(head);
  }
  cursor.skip(4);  // the base's offset and precision
  for (const std::string_view expected : {"FALSE", "TRUE"}) {
    const uint64_t begin = cursor.address();
    if (cursor.text_to_nul() != expected) return other(head);
    const uint64_t length = cursor.address() - begin;
    if (head.version < 3) cursor.skip((8 - length % 8) % 8);
  }
  if (cursor.u8() != 0 || cursor.u8() != 1) return other(head);
  return {.kind = Datatype::Kind::boolean, .size = 1, .name = "bool"};
}

Datatype variable_length(const Head& head) {
  constexpr uint32_t kText = 1;
  if ((head.bits & 0x0F) != kText || head.size != 16) return other(head);
  return {.kind = Datatype::Kind::variable_text, .size = head.size, .name = "string"};
}

int64_t checked_extent(const File& file, uint64_t extent) {
  if (extent >> 63 != 0) {
    file.corrupt("its shape", "extents below 2^63", std::to_string(extent));
  }
  return static_cast<int64_t>(extent);
}

}  // namespace

Datatype read_datatype(Cursor cursor) {
  const Head head = read_head(cursor);
  if (head.version == 0 || head.version > 5) {
    cursor.file().unsupported(
        fmt::format("a datatype of version {}, which this reader does not know", head.version));
  }
  switch (head.type_class) {
    case kInteger:
      return integer(head, cursor);
    case kFloat:
      return floating(head, cursor);
    case kString:
      return fixed_text(head);
    case kEnum:
      return enumeration(head, cursor);
    case kVariableLength:
      return variable_length(head);
    default:
      return other(head);
  }
}

const FloatFormat* float_named(std::string_view name) {
  const auto* format = std::ranges::find(kFloats, name, &FloatFormat::name);
  return format == kFloats.end() ? nullptr : format;
}

std::optional<Datatype> datatype_named(std::string_view name) {
  if (const FloatFormat* format = float_named(name)) {
    return Datatype{.kind = Datatype::Kind::floating,
                    .size = format->size,
                    .is_signed = true,
                    .name = std::string(name)};
  }
  if (name == "bool") return Datatype{.kind = Datatype::Kind::boolean, .size = 1, .name = "bool"};
  for (const uint32_t size : {1U, 2U, 4U, 8U}) {
    for (const bool is_signed : {true, false}) {
      Datatype type = {.kind = Datatype::Kind::integer,
                       .size = size,
                       .is_signed = is_signed,
                       .name = fmt::format("{}int{}", is_signed ? "" : "u", 8 * size)};
      if (type.name == name) return type;
    }
  }
  uint32_t size = 0;
  const char* end = name.data() + name.size();
  if (!name.starts_with('S') || name.starts_with("S0")) return std::nullopt;
  const auto [parsed, error] = std::from_chars(name.data() + 1, end, size);
  if (error != std::errc() || parsed != end) return std::nullopt;
  return Datatype{
      .kind = Datatype::Kind::fixed_text, .size = size, .padding = 1, .name = std::string(name)};
}

Dataspace read_dataspace(Cursor cursor) {
  const File& file = cursor.file();
  Dataspace space;
  const uint8_t version = cursor.version(1, 2);
  const uint8_t ndim = cursor.u8();
  cursor.skip(1);  // flags: whether the greatest extents follow, which nobody needs here
  uint8_t kind = ndim > 0 ? 1 : 0;
  if (version == 1) {
    cursor.skip(5);
  } else {
    kind = cursor.u8();
  }
  constexpr uint8_t kNull = 2;
  if (kind > kNull || (kind == 1) != (ndim > 0)) {
    file.corrupt("a dataspace that contradicts itself");
  }
  space.is_null = kind == kNull;
  if (ndim > kMaxNdim) {
    file.unsupported(fmt::format("a shape of {} axes; at most {} can be read", ndim, kMaxNdim));
  }
  std::vector<int64_t> extents;
  uint64_t without_zeros = 1;  // so that no part of the shape overflows later
  for (int axis = 0; axis < ndim; ++axis) {
    const uint64_t extent = cursor.u64();
    extents.push_back(checked_extent(file, extent));
    if (extent == 0) space.size = 0;
    if (extent > 0 && __builtin_mul_overflow(without_zeros, extent, &without_zeros)) {
      file.corrupt("the product of its shape overflows", "less than 2^63",
                   fmt::format("{} at axis {}", extent, axis));
    }
  }
  if (without_zeros >> 63 != 0) file.corrupt("the product of its shape overflows");
  space.size *= without_zeros;
  space.shape = Shape(extents);
  return space;
}

uint64_t nbytes_of(const File& file, const Dataspace& space, const Datatype& type) {
  uint64_t nbytes = 0;
  if (__builtin_mul_overflow(space.size, uint64_t{type.size}, &nbytes) || nbytes >> 63 != 0) {
    file.corrupt("the product of its shape " + space.shape.str() + " overflows");
  }
  return nbytes;
}

}  // namespace cornu::inline v0::formats::hdf5
