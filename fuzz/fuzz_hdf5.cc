#include <algorithm>
#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/hdf5.h"

namespace {

using cornu::Value;
using cornu::formats::Hdf5Dataset;
using cornu::formats::Hdf5Group;

// Removes what was not read, and lists that are longer in our form than an attribute may be.
void keep_writable(Value::Map& attributes) {
  std::erase_if(attributes, [](const auto& each) {
    return each.first.empty() || each.second.is_null() ||
           (each.second.is_list() && each.second.as_list().size() > 4000);
  });
}

// Returns the bytes of all data.
size_t keep_writable(Hdf5Group& group) {
  size_t nbytes = 0;
  keep_writable(group.attributes);
  std::erase_if(group.datasets, [](const auto& dataset) { return dataset.problem != nullptr; });
  for (Hdf5Dataset& dataset : group.datasets) {
    keep_writable(dataset.attributes);
    nbytes += dataset.bytes().size();
  }
  for (Hdf5Group& each : group.groups) nbytes += keep_writable(each);
  return nbytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Hdf5Group file;
  try {
    file = cornu::formats::read_hdf5(std::as_bytes(std::span(data, size)), "fuzz");
  } catch (const cornu::Error&) {
    return 0;
  }
  if (keep_writable(file) > size) std::abort();
  // A file that was read can be written, and reads back equal: an Error from here on is a bug.
  const std::vector<std::byte> bytes = write_hdf5(file);
  Hdf5Group again = cornu::formats::read_hdf5(bytes, "again");
  const size_t attributes = again.attributes.size();
  keep_writable(again);
  if (again.attributes.size() != attributes) std::abort();
  return write_hdf5(again) == bytes ? 0 : (std::abort(), 0);
}
