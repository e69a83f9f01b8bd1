// Loads a .keras, .h5 or .weights.h5 file, with its optimizer, and describes the model again.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "cornu/core/error.h"
#include "cornu/formats/json.h"
#include "cornu/models/load_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const int file = ::memfd_create("fuzz", 0);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  try {
    const cornu::Model model = cornu::load_model("/proc/self/fd/" + std::to_string(file));
    // Each weight has its numbers in the file.
    size_t bytes = 0;
    for (const auto& [name, weight] : model.weights()) bytes += weight.nbytes();
    if (bytes > size) std::abort();
    static_cast<void>(cornu::formats::read_json(model.to_json(), "again"));
  } catch (const cornu::Error&) {
  }
  ::close(file);
  return 0;
}
