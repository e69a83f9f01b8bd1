#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/tar.h"

// Every file of an archive that is read lies within it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    for (const cornu::formats::TarFile& file : cornu::formats::read_tar(bytes, "fuzz")) {
      const bool is_inside = file.bytes.data() >= bytes.data() &&
                             file.bytes.data() + file.bytes.size() <= bytes.data() + bytes.size();
      if (!is_inside || file.name.empty()) std::abort();
    }
  } catch (const cornu::Error&) {
  }
  return 0;
}
