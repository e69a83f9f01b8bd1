#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/core/byte_source.h"
#include "cornu/core/error.h"
#include "cornu/core/export.h"
#include "cornu/core/parts.h"
#include "cornu/core/shape.h"
#include "cornu/core/value.h"

namespace cornu::inline v0::formats {

/// An array in an HDF5 file, whose bytes are row-major and little-endian.
struct Hdf5Dataset {
  /// Where the bytes lie in a file that is read.
  struct Stored {
    ByteSource* source = nullptr;  ///< belongs to whoever opened the file
    uint64_t address = 0, nbytes = 0;
  };

  std::string name = {};
  /// As NumPy says: float32, int64, bool, S8 for strings of eight bytes. For what is not read,
  /// HDF5's word: compound, opaque, …
  std::string type = {};
  Shape shape = {};
  /// The bytes, where they are in memory; it belongs to whoever made them.
  std::span<const std::byte> data = {};
  Value::Map attributes = {};
  /// Why the data cannot be read, though the rest of the file can; null when they are there.
  std::shared_ptr<const Error> problem = {};
  Stored stored = {};

  /// Their number. This and the next two: the problem as an Error when they cannot be read.
  CORNU_API uint64_t nbytes() const;
  /// All of them, kept in memory as long as the source lives.
  CORNU_API std::span<const std::byte> bytes() const;
  /// Copies a part of them, from byte `begin` on, to where it is needed. Several threads may do so
  /// at once.
  CORNU_API void read(uint64_t begin, std::span<std::byte> to,
                      const ByteSource::Arrived& arrived) const;
  /// Whether this byte of them is in memory.
  CORNU_API bool is_at_hand(uint64_t begin) const;
};

/// A group of an HDF5 file, like a folder. Entries are sorted by their names' bytes, and each name
/// is there once.
///
/// An attribute is a string, an integer, a double, a bool, or a list of one of these; an empty
/// array of any type is an empty list. It is null where its type is none of these.
struct Hdf5Group {
  std::string name = {};  ///< empty for the root
  Value::Map attributes = {};
  std::vector<Hdf5Dataset> datasets = {};
  std::vector<Hdf5Group> groups = {};

  /// The entry at a path such as "dense/kernel:0", or nullptr.
  CORNU_API const Hdf5Group* group(std::string_view path) const;
  CORNU_API const Hdf5Dataset* dataset(std::string_view path) const;
  /// The group at a path; groups that are missing are made.
  CORNU_API Hdf5Group& make_group(std::string_view path);

  /// The attribute of that name, or nullptr.
  CORNU_API const Value* attribute(std::string_view key) const;
};

/// Reads the subset of HDF5 that Keras writes, and refuses the rest: docs/formats/hdf5.md. Only
/// names and attributes are read; each dataset's bytes are read from the source when they are asked
/// for. `where` names the file in errors.
CORNU_API Hdf5Group read_hdf5(ByteSource& source, const std::string& where);
/// The same, where the datasets are views into `bytes`.
CORNU_API Hdf5Group read_hdf5(std::span<const std::byte> bytes, const std::string& where);

/// A file as h5py writes it by default, without dates: equal content gives equal bytes. Entries may
/// be in any order. First comes all that describes the data, then the data of each dataset, which
/// are viewed where they are.
CORNU_API Parts hdf5_parts(const Hdf5Group& root);
/// The same in one piece.
CORNU_API std::vector<std::byte> write_hdf5(const Hdf5Group& root);

}  // namespace cornu::inline v0::formats
