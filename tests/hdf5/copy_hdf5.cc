// Reads an HDF5 file and writes it anew, without what cannot be read: `copy_hdf5 IN OUT`. For
// tests/hdf5_test.py, which compares the two with h5py.

#include <cstdio>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/hdf5.h"

namespace {

using cornu::Value;
using cornu::formats::Hdf5Dataset;
using cornu::formats::Hdf5Group;

void keep_readable(Value::Map& attributes) {
  std::erase_if(attributes, [](const auto& each) { return each.second.is_null(); });
}

void keep_readable(Hdf5Group& group) {
  keep_readable(group.attributes);
  std::erase_if(group.datasets, [](const Hdf5Dataset& each) { return each.problem != nullptr; });
  for (Hdf5Dataset& dataset : group.datasets) keep_readable(dataset.attributes);
  for (Hdf5Group& each : group.groups) keep_readable(each);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: copy_hdf5 IN OUT\n");
    return 2;
  }
  try {
    const auto bytes = cornu::read_file(argv[1]);
    Hdf5Group file = cornu::formats::read_hdf5(bytes, argv[1]);
    keep_readable(file);
    cornu::replace_file(argv[2], cornu::formats::write_hdf5(file));
  } catch (const cornu::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
