#pragma once

// Reads event files for tests, without the code that writes them.

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cornu::inline v0::formats {

/// An event as it is in a file; a tensor's numbers are in `content`, its strings in `strings`.
struct ReadEvent {
  double wall_time = 0;
  int64_t step = 0;
  std::string version, writer;
  std::string tag, plugin, plugin_content;
  int64_t dtype = 0;
  std::vector<int64_t> shape;
  std::string content;
  std::vector<std::string> strings;

  /// The elements of `content`.
  template <class Number>
  std::vector<Number> numbers() const {
    std::vector<Number> all(content.size() / sizeof(Number));
    std::memcpy(all.data(), content.data(), all.size() * sizeof(Number));
    return all;
  }
};

/// CRC-32C a bit at a time: the reversed polynomial 0x82f63b78.
inline uint32_t slow_crc32c(std::string_view bytes) {
  uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

inline uint32_t slow_masked_crc(std::string_view bytes) {
  const uint32_t crc = slow_crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

/// A field of a protocol buffer: its number, and its value or bytes.
struct WireField {
  uint64_t number = 0, value = 0;
  std::string_view bytes;
};

inline uint64_t read_varint(std::string_view& text) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (text.empty()) throw std::runtime_error("a varint is cut off");
    const auto byte = static_cast<unsigned char>(text[0]);
    text.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw std::runtime_error("a varint is too long");
}

inline std::vector<WireField> wire_fields(std::string_view text) {
  std::vector<WireField> fields;
  while (!text.empty()) {
    const uint64_t key = read_varint(text);
    WireField field{.number = key >> 3, .bytes = {}};
    const uint64_t kind = key & 7;
    if (kind == 0) {
      field.value = read_varint(text);
    } else {
      const size_t size = kind == 1 ? 8 : kind == 5 ? 4 : kind == 2 ? read_varint(text) : ~0UL;
      if (size > text.size()) throw std::runtime_error("a field is cut off");
      field.bytes = text.substr(0, size);
      text.remove_prefix(size);
    }
    fields.push_back(field);
  }
  return fields;
}

inline void read_tensor(std::string_view text, ReadEvent& event) {
  for (const WireField& field : wire_fields(text)) {
    if (field.number == 1) event.dtype = static_cast<int64_t>(field.value);
    if (field.number == 4) event.content = field.bytes;
    if (field.number == 8) event.strings.emplace_back(field.bytes);
    if (field.number != 2) continue;
    for (const WireField& dim : wire_fields(field.bytes)) {
      event.shape.push_back(static_cast<int64_t>(wire_fields(dim.bytes).at(0).value));
    }
  }
}

inline void read_value(std::string_view text, ReadEvent& event) {
  for (const WireField& field : wire_fields(text)) {
    if (field.number == 1) event.tag = field.bytes;
    if (field.number == 8) read_tensor(field.bytes, event);
    if (field.number != 9) continue;
    for (const WireField& metadata : wire_fields(field.bytes)) {
      if (metadata.number != 1) throw std::runtime_error("metadata beside plugin_data");
      for (const WireField& plugin : wire_fields(metadata.bytes)) {
        (plugin.number == 1 ? event.plugin : event.plugin_content) = plugin.bytes;
      }
    }
  }
}

inline ReadEvent read_event(std::string_view text) {
  ReadEvent event;
  for (const WireField& field : wire_fields(text)) {
    if (field.number == 1) std::memcpy(&event.wall_time, field.bytes.data(), 8);
    if (field.number == 2) event.step = static_cast<int64_t>(field.value);
    if (field.number == 3) event.version = field.bytes;
    if (field.number == 10) event.writer = wire_fields(field.bytes).at(0).bytes;
    if (field.number != 5) continue;
    for (const WireField& value : wire_fields(field.bytes)) read_value(value.bytes, event);
  }
  return event;
}

/// The events of a file's bytes up to one that is cut off, if there is one. Throws where a checksum
/// is wrong.
inline std::vector<ReadEvent> read_events(std::string_view bytes) {
  const auto number_at = [&](size_t at, size_t size) {
    uint64_t number = 0;
    std::memcpy(&number, bytes.data() + at, size);
    return number;
  };
  std::vector<ReadEvent> events;
  while (bytes.size() >= 12) {
    const uint64_t length = number_at(0, 8);
    if (number_at(8, 4) != slow_masked_crc(bytes.substr(0, 8))) {
      throw std::runtime_error("the checksum of a length is wrong");
    }
    if (length > bytes.size() - 12 || bytes.size() - 12 - length < 4) break;
    const std::string_view event = bytes.substr(12, length);
    if (number_at(12 + length, 4) != slow_masked_crc(event)) {
      throw std::runtime_error("the checksum of an event is wrong");
    }
    events.push_back(read_event(event));
    bytes.remove_prefix(16 + length);
  }
  return events;
}

}  // namespace cornu::inline v0::formats
