#pragma once

// What the files hdf5_*.cc share. Names are those of the HDF5 File Format Specification.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cornu/core/byte_source.h"
#include "cornu/core/shape.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::formats {
struct Hdf5Dataset;
}

namespace cornu::inline v0::formats::hdf5 {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr uint64_t kUndefined = ~uint64_t{0};  // the address of what is not in the file
constexpr size_t kMaxObjects = 100'000;
constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxParts = 1'000'000;   // nodes, headers and heaps: ten for each object
constexpr size_t kMaxElements = 500'000;  // attributes, and what is in their lists
constexpr size_t kMaxProblems = 10'000;   // datasets that cannot be read

/// What the name of an entry must be and `name` is not; empty if nothing.
std::string fault_of_link(std::string_view name);

/// The end of a path, for messages.
std::string path_shown(const std::vector<std::string_view>& path);

class Cursor;

/// The bytes of a file. Whatever is read of it is first found to lie within it.
class File {
 public:
  File(ByteSource& source, const std::string& where)
      : source_(source), size_(source.size()), where_(where) {}

  /// A part of the file, which `what` names in errors.
  Cursor at(uint64_t address, uint64_t length, const char* what) const;
  /// A part that occurs once. Error when the same address is claimed again, or when all parts
  /// together are longer than the file: so no cycle and no overlap can make a reader read more
  /// than there is.
  Cursor claim(uint64_t address, uint64_t length, const char* what);
  /// The same for data, which are counted and not read.
  void claim_data(uint64_t address, uint64_t length);

  /// Counts what is kept of the file besides its bytes. Error when the text is longer than the
  /// file, which can only be if the same bytes are given several times; or at a limit.
  void count_text(uint64_t length);
  void count_elements(uint64_t number);
  void count_object();
  void count_problem();

  /// Bytes after this address are not part of the file.
  void cut(uint64_t end) { size_ = end; }
  uint64_t size() const { return size_; }
  ByteSource& source() const { return source_; }

  /// The object that is being read, for errors.
  void enter(std::string_view name) { path_.push_back(name); }
  void leave() { path_.pop_back(); }
  size_t depth() const { return path_.size(); }

  [[noreturn]] void corrupt(std::string what, std::string expected = {},
                            std::string found = {}) const;
  [[noreturn]] void unsupported(std::string what, std::string found = {},
                                std::string hint = {}) const;

 private:
  std::string where() const;
  void spend(uint64_t length);
  void require_within(uint64_t address, uint64_t length, const char* what) const;

  ByteSource& source_;
  uint64_t size_;
  const std::string& where_;
  std::vector<std::string_view> path_;
  std::unordered_set<uint64_t> claimed_;
  uint64_t spent_ = 0, text_ = 0, elements_ = 0;
  size_t objects_ = 0, problems_ = 0;
};

/// Reads a part of the file from its beginning; an Error where it ends too soon.
class Cursor {
 public:
  Cursor(const File& file, std::span<const std::byte> bytes, uint64_t address, const char* what)
      : file_(&file), bytes_(bytes), address_(address), what_(what) {}

  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }
  /// A little-endian number of 1 to 8 bytes.
  uint64_t number(size_t size);
  std::span<const std::byte> take(uint64_t length);
  std::string_view text(uint64_t length);
  /// Text up to the next NUL, which is passed over.
  std::string_view text_to_nul();
  void skip(uint64_t length) { take(length); }
  /// The next bytes as a Cursor of their own.
  Cursor part(uint64_t length, const char* what);
  /// Error unless the next four bytes are these.
  void expect(std::string_view signature);
  /// Reads a version. Error unless it is within these bounds.
  uint8_t version(uint8_t first, uint8_t last);

  size_t left() const { return bytes_.size(); }
  uint64_t address() const { return address_; }  ///< of the next byte
  const File& file() const { return *file_; }

 private:
  const File* file_;
  std::span<const std::byte> bytes_;
  uint64_t address_;
  const char* what_;
};

/// How a float is laid out: the mantissa from bit 0, then the exponent, then the sign.
struct FloatFormat {
  std::string_view name;
  uint8_t size, exponent_bits, mantissa_bits;
  uint32_t bias;
};

/// A datatype message as far as it is read.
struct Datatype {
  enum class Kind { integer, floating, boolean, fixed_text, variable_text, other };
  Kind kind = Kind::other;
  uint32_t size = 0;  ///< bytes of an element in the file
  bool is_signed = false;
  uint8_t padding = 0;  ///< of fixed text: 0 ends at the first NUL, 1 has NULs after it, 2 spaces
  std::string name;     ///< NumPy's, or HDF5's class for other
};

/// A dataspace message.
struct Dataspace {
  bool is_null = false;
  Shape shape;
  uint64_t size = 1;  ///< elements
};

Datatype read_datatype(Cursor cursor);
/// The datatype that NumPy calls this; nullopt if the writer has none.
std::optional<Datatype> datatype_named(std::string_view name);
/// The layout of a float type; nullptr for other names.
const FloatFormat* float_named(std::string_view name);
Dataspace read_dataspace(Cursor cursor);
/// Bytes of the elements. Error when they do not fit in 63 bits.
uint64_t nbytes_of(const File& file, const Dataspace& space, const Datatype& type);

/// Kinds of messages in an object header.
enum MessageType : uint16_t {
  kDataspace = 0x01,
  kLinkInfo = 0x02,
  kDatatype = 0x03,
  kFillValue = 0x05,
  kLink = 0x06,
  kExternalFiles = 0x07,
  kLayout = 0x08,
  kGroupInfo = 0x0A,
  kFilters = 0x0B,
  kAttribute = 0x0C,
  kContinuation = 0x10,
  kSymbolTable = 0x11,
  kAttributeInfo = 0x15,
  kLastKnown = 0x18,
};

/// Where a group with more than eight entries of the newer kind keeps its links.
struct DenseLinks {
  uint64_t heap, index;
};

/// The messages of an object header that are read.
struct Header {
  std::optional<Cursor> dataspace, datatype, layout, filters, symbol_table;
  std::vector<Cursor> links, attributes;
  std::optional<DenseLinks> dense_links;
  bool is_group = false;
  bool has_shared_datatype = false, has_external_files = false;
};

/// Reads an object header of version 1 or 2 with its continuation blocks.
Header read_header(File& file, uint64_t address);

/// The link messages in a group's heap.
std::vector<Cursor> read_dense_links(File& file, const DenseLinks& dense);

/// Whether the data of a dataset are in another file: external storage or a virtual dataset.
bool is_in_other_files(const Header& header);
/// Fills in type, shape and data. Error of the kind unsupported where only this dataset cannot be
/// read.
void describe_dataset(File& file, const Header& header, Hdf5Dataset& dataset);

/// The checksum of version 2 headers: Bob Jenkins's lookup3 (hashlittle with initial value 0).
uint32_t lookup3(std::span<const std::byte> bytes);

/// Reads attributes, and the global heap in which their variable-length strings are.
class AttributeReader {
 public:
  explicit AttributeReader(File& file) : file_(file) {}

  Value::Map read(const std::vector<Cursor>& messages);

 private:
  // An object of a collection: where its size stands in the file.
  struct HeapObject {
    uint64_t index, address;
  };

  void one(Cursor message, Value::Map& attributes);
  Value value(const Datatype& type, const Dataspace& space, Cursor data);
  Value element(const Datatype& type, Cursor& data);
  Value variable_text(Cursor& data);
  Value text(std::string_view text);
  const std::vector<HeapObject>& collection(uint64_t address);

  File& file_;
  std::unordered_map<uint64_t, std::vector<HeapObject>> collections_;
};

}  // namespace cornu::inline v0::formats::hdf5
