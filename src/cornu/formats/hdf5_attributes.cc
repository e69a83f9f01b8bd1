// Attributes, and the global heap with their variable-length strings.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "cornu/core/error.h"
#include "cornu/formats/hdf5_internal.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

// A float of any of the formats; the arithmetic is exact.
double number_of(uint64_t bits, const FloatFormat& format) {
  const uint64_t mantissa = bits & ((uint64_t{1} << format.mantissa_bits) - 1);
  const uint64_t top = (uint64_t{1} << format.exponent_bits) - 1;
  const uint64_t exponent = bits >> format.mantissa_bits & top;
  const double sign = (bits >> (8 * format.size - 1) & 1) != 0 ? -1.0 : 1.0;
  if (exponent == top) {
    return mantissa != 0 ? std::numeric_limits<double>::quiet_NaN()
                         : sign * std::numeric_limits<double>::infinity();
  }
  const uint64_t implied = exponent == 0 ? 0 : uint64_t{1} << format.mantissa_bits;
  const int power = std::max(static_cast<int>(exponent), 1) - static_cast<int>(format.bias) -
                    format.mantissa_bits;
  return sign * std::ldexp(static_cast<double>(mantissa | implied), power);
}

uint64_t padded(uint64_t length) {
  return (length + 7) / 8 * 8;
}

std::string_view without_padding(std::string_view text, uint8_t padding) {
  if (padding == 0) return text.substr(0, text.find('\0'));
  const char filler = padding == 1 ? '\0' : ' ';
  return text.substr(0, text.find_last_not_of(filler) + 1);
}

}  // namespace

Value::Map AttributeReader::read(const std::vector<Cursor>& messages) {
  Value::Map attributes;
  std::vector<std::string_view> names;
  for (const Cursor& message : messages) one(message, attributes);
  for (const auto& [name, value] : attributes) names.push_back(name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end()) {
    file_.corrupt("the attribute " + shown(*twice) + " is given twice");
  }
  return attributes;
}

void AttributeReader::one(Cursor message, Value::Map& attributes) {
  const uint8_t version = message.version(1, 3);
  const uint8_t flags = message.u8();
  const uint16_t name_size = message.u16();
  const uint16_t type_size = message.u16();
  const uint16_t space_size = message.u16();
  if (version == 3) message.skip(1);  // whether the name is ASCII or UTF-8
  const auto field = [&message, version](uint16_t size, const char* what) {
    return message.part(version == 1 ? padded(size) : size, what);
  };
  const std::string_view name = field(name_size, "name of an attribute").text_to_nul();
  const Cursor type_message = field(type_size, "datatype of an attribute");
  const Cursor space_message = field(space_size, "dataspace of an attribute");
  const std::string fault = fault_of_name(name);
  if (!fault.empty()) file_.corrupt("the name of an attribute, " + shown(name), fault);
  file_.count_text(name.size());
  Value& value = attributes.emplace_back(std::string(name), Value()).second;
  if (version > 1 && (flags & 0x03) != 0) return;  // its type is kept elsewhere in the file
  Datatype type;
  Dataspace space;
  try {
    type = read_datatype(type_message);
    space = read_dataspace(space_message);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsupported) throw;
    return;
  }
  value = this->value(type, space, message);
}

Value AttributeReader::value(const Datatype& type, const Dataspace& space, Cursor data) {
  if (space.is_null || space.shape.ndim() > 1) return {};
  if (type.kind == Datatype::Kind::other) {
    return space.size == 0 ? Value(Value::List{}) : Value();
  }
  const uint64_t nbytes = nbytes_of(file_, space, type);
  Cursor elements = data.part(nbytes, "value of an attribute");
  if (space.shape.ndim() == 0) return element(type, elements);
  file_.count_elements(space.size);
  Value::List list;
  list.reserve(static_cast<size_t>(space.size));
  for (uint64_t i = 0; i < space.size; ++i) list.push_back(element(type, elements));
  const bool is_whole = std::ranges::none_of(list, &Value::is_null);
  return is_whole ? Value(std::move(list)) : Value();
}

Value AttributeReader::element(const Datatype& type, Cursor& data) {
  switch (type.kind) {
    case Datatype::Kind::integer: {
      const uint64_t bits = data.number(type.size);
      const auto unused = static_cast<int>(64 - 8 * type.size);
      if (type.is_signed) return static_cast<int64_t>(bits << unused) >> unused;
      return bits >> 63 != 0 ? Value() : Value(static_cast<int64_t>(bits));
    }
    case Datatype::Kind::floating:
      return number_of(data.number(type.size), *float_named(type.name));
    case Datatype::Kind::boolean:
      return data.u8() != 0;
    case Datatype::Kind::fixed_text:
      return text(without_padding(data.text(type.size), type.padding));
    case Datatype::Kind::variable_text:
      return variable_text(data);
    case Datatype::Kind::other:
      break;
  }
  return {};
}

Value AttributeReader::text(std::string_view text) {
  if (text.find('\0') != text.npos || !is_utf8(text)) return {};
  file_.count_text(text.size());
  return text;
}

Value AttributeReader::variable_text(Cursor& data) {
  const uint32_t length = data.u32();
  const uint64_t address = data.u64();
  const uint32_t index = data.u32();
  if (length == 0) return "";
  const std::vector<HeapObject>& objects = collection(address);
  const auto found = std::ranges::lower_bound(objects, index, {}, &HeapObject::index);
  if (found == objects.end() || found->index != index) {
    file_.corrupt(fmt::format("no string {} in the global heap at address {}", index, address));
  }
  Cursor object = file_.at(found->address, 8, "string in a global heap");
  const uint64_t size = object.u64();
  if (length > size) {
    file_.corrupt(fmt::format("a string at address {}", found->address + 8),
                  fmt::format("at most {} bytes", size), std::to_string(length));
  }
  Cursor bytes = file_.at(found->address + 8, length, "string in a global heap");
  return text(without_padding(bytes.text(length), 0));
}

const std::vector<AttributeReader::HeapObject>& AttributeReader::collection(uint64_t address) {
  const auto known = collections_.find(address);
  if (known != collections_.end()) return known->second;
  constexpr uint64_t kPrefix = 16;
  constexpr uint64_t kObject = 16;  // before its bytes
  Cursor prefix = file_.at(address, kPrefix, "global heap");
  prefix.expect("GCOL");
  prefix.version(1, 1);
  prefix.skip(3);
  const uint64_t size = prefix.u64();
  Cursor heap = file_.claim(address, size, "global heap");
  heap.skip(kPrefix);
  std::vector<HeapObject> objects;
  while (heap.left() >= kObject) {
    const uint16_t index = heap.u16();
    if (index == 0) break;  // free space up to the end
    heap.skip(6);
    objects.push_back({index, heap.address()});
    const uint64_t length = heap.u64();
    if (length > heap.left()) {
      file_.corrupt(fmt::format("an object of the global heap at address {}", address),
                    fmt::format("at most {} bytes", heap.left()), std::to_string(length));
    }
    heap.skip(std::min<uint64_t>(padded(length), heap.left()));
  }
  std::ranges::sort(objects, {}, &HeapObject::index);
  const auto twice = std::ranges::adjacent_find(objects, {}, &HeapObject::index);
  if (twice != objects.end()) {
    file_.corrupt(
        fmt::format("two objects {} in the global heap at address {}", twice->index, address));
  }
  return collections_.emplace(address, std::move(objects)).first->second;
}

}  // namespace cornu::inline v0::formats::hdf5
