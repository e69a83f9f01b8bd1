#pragma once

// What the writer of HDF5 puts together: bytes, messages, the global heap.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/formats/hdf5_internal.h"

namespace cornu::inline v0::formats::hdf5 {

/// The parts of a file whose beginning is known only at the end.
enum class Section : uint8_t { strings, data };

/// Bytes that grow, with numbers in little-endian order, and references into sections.
class Bytes {
 public:
  size_t size() const { return bytes_.size(); }
  std::span<const std::byte> all() const { return bytes_; }

  Bytes& put(uint64_t value, size_t size);
  Bytes& put(std::string_view text);
  Bytes& put(std::span<const std::byte> bytes);
  /// With its references.
  Bytes& put(const Bytes& other);
  /// An address: this many bytes after the beginning of a section.
  Bytes& put_reference(Section section, uint64_t offset);
  Bytes& zeros(size_t count);
  Bytes& align() { return zeros((8 - size() % 8) % 8); }

  /// Replaces eight bytes.
  void set(size_t place, uint64_t value);
  /// Completes the references.
  void resolve(uint64_t strings_at, uint64_t data_at);

 private:
  struct Reference {
    size_t place;
    Section section;
  };
  std::vector<std::byte> bytes_;
  std::vector<Reference> references_;
};

/// The messages of one object. Each begins at a multiple of eight bytes.
class Messages {
 public:
  void add(uint16_t type, uint8_t flags, const Bytes& body);
  size_t count() const { return count_; }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  size_t count_ = 0;
};

constexpr uint8_t kConstant = 0x01;  // a message's flag: it never changes

/// The strings of a file, in collections.
class GlobalHeap {
 public:
  /// Adds a string and appends the reference to it, as it stands in the data of an attribute.
  void add(std::string_view text, Bytes& data);
  void close();
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  size_t begin_ = 0;  // of the collection that is open
  size_t count_ = 0;  // strings in it; none is open when 0
};

/// A value as an attribute holds it.
struct AttributeValue {
  Datatype type;
  Shape shape;
  Bytes data = {};
};

/// nullopt for a value that no attribute can hold.
std::optional<AttributeValue> encode(const Value& value, GlobalHeap& strings);

Bytes datatype_message(const Datatype& type);
Bytes dataspace_message(const Shape& shape);

}  // namespace cornu::inline v0::formats::hdf5
