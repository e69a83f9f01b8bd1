// What a dataset is and where its data lie.

#include <fmt/format.h>

#include "cornu/formats/hdf5.h"
#include "cornu/formats/hdf5_internal.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

enum LayoutClass : uint8_t { kCompact = 0, kContiguous = 1, kChunked = 2, kVirtual = 3 };

struct Layout {
  uint8_t version, layout_class;
  uint8_t ndim = 0;  // of versions 1 and 2, whose extents come after the address
};

Layout read_layout(Cursor& message) {
  const uint8_t version = message.version(1, 5);
  if (version > 2) return {.version = version, .layout_class = message.u8()};
  const uint8_t ndim = message.u8();
  const Layout layout = {.version = version, .layout_class = message.u8(), .ndim = ndim};
  message.skip(5);
  return layout;
}

void check_stored(const File& file, uint64_t nbytes, uint64_t stored) {
  if (stored >= nbytes) return;
  file.corrupt("its data do not have the bytes that its shape says",
               fmt::format("{} bytes", nbytes), std::to_string(stored));
}

// Where the data are; their size is known.
uint64_t compact(const File& file, const Layout& layout, Cursor message, uint64_t nbytes) {
  message.skip(4 * uint64_t{layout.ndim});
  const uint64_t stored = layout.version > 2 ? message.u16() : message.u32();
  check_stored(file, nbytes, stored);
  const uint64_t address = message.address();
  message.skip(nbytes);
  return address;
}

// nullopt if no data were ever written.
std::optional<uint64_t> contiguous(File& file, const Layout& layout, Cursor message,
                                   uint64_t nbytes) {
  const uint64_t address = message.u64();
  if (nbytes == 0) return 0;
  if (address == kUndefined) return std::nullopt;
  if (layout.version > 2) check_stored(file, nbytes, message.u64());
  file.claim_data(address, nbytes);
  return address;
}

}  // namespace

bool is_in_other_files(const Header& header) {
  if (header.has_external_files) return true;
  if (!header.layout) return false;
  Cursor message = *header.layout;
  return read_layout(message).layout_class == kVirtual;
}

void describe_dataset(File& file, const Header& header, Hdf5Dataset& dataset) {
  if (header.has_shared_datatype) {
    file.unsupported("a datatype that is kept elsewhere in the file cannot be read");
  }
  if (!header.datatype) file.corrupt("an object that is no group and has no datatype");
  const Datatype type = read_datatype(*header.datatype);
  dataset.type = type.name;
  if (!header.dataspace && !header.layout) {
    file.unsupported("a datatype with a name, which is no dataset");
  }
  if (!header.dataspace || !header.layout) {
    file.corrupt("a dataset without a dataspace or a layout");
  }
  const Dataspace space = read_dataspace(*header.dataspace);
  dataset.shape = space.shape;
  if (space.is_null) file.unsupported("a dataset without data (a null dataspace)");
  const uint64_t nbytes = nbytes_of(file, space, type);
  Cursor message = *header.layout;
  const Layout layout = read_layout(message);
  if (layout.layout_class == kChunked) {
    file.unsupported("its data are stored in chunks, which cannot be read", {},
                     "copy the file with `h5repack -f NONE -l CONTI IN OUT`");
  }
  if (layout.layout_class > kChunked) {
    file.corrupt("its layout", "class 0, 1 or 2", std::to_string(layout.layout_class));
  }
  const std::optional<uint64_t> address = layout.layout_class == kCompact
                                              ? compact(file, layout, message, nbytes)
                                              : contiguous(file, layout, message, nbytes);
  if (type.kind == Datatype::Kind::other || type.kind == Datatype::Kind::variable_text) {
    file.unsupported("data of the type " + type.name + " cannot be read");
  }
  if (!address) file.unsupported("no data were ever written to this dataset");
  dataset.stored = {.source = &file.source(), .address = *address, .nbytes = nbytes};
}

}  // namespace cornu::inline v0::formats::hdf5
