#include <cstdlib>
#include <cstring>

#include "cornu/core/error.h"
#include "cornu/formats/npy.h"

// An array that was read can be written, and reads back equal: an Error from there on is a bug.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cornu::formats::read_npy;
  cornu::Tensor tensor;
  try {
    tensor = read_npy(std::as_bytes(std::span(data, size)), "fuzz");
  } catch (const cornu::Error&) {
    return 0;
  }
  if (tensor.nbytes() > size) std::abort();
  const cornu::Tensor again = read_npy(cornu::formats::write_npy(tensor), "again");
  if (again.shape() != tensor.shape() || again.dtype() != tensor.dtype() ||
      std::memcmp(again.data(), tensor.data(), tensor.nbytes()) != 0) {
    std::abort();
  }
  return 0;
}
