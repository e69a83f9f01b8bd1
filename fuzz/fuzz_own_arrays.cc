#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/datasets/own_files.h"

// NumPy's arrays of a user are samples whose labels are numbers of classes, or an Error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cornu;
  static const std::string path = std::filesystem::temp_directory_path() /
                                  ("fuzz_own_arrays_" + std::to_string(::getpid()) + ".npz");
  static UnsyncedFiles files;
  replace_file(path, std::as_bytes(std::span(data, size)), files);
  DatasetParts parts;
  try {
    parts = datasets::read_own_files(path);
  } catch (const Error&) {
    return 0;
  }
  const auto classes = static_cast<int64_t>(parts.train.info().class_names.size());
  for (const Dataset& part : {parts.train, parts.test}) {
    if (part.size() == 0) continue;
    if (part.x().shape()[0] != part.size() || part.y().shape()[0] != part.size()) std::abort();
    for (int64_t i = 0; classes > 0 && i < part.size(); ++i) {
      const double label = part.y().at(i);
      if (!(label >= 0 && label < static_cast<double>(classes))) std::abort();
    }
  }
  return 0;
}
