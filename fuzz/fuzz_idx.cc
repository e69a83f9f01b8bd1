#include <algorithm>
#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    const cornu::Tensor tensor = cornu::formats::read_idx(bytes, "fuzz");
    if (tensor.dtype() != cornu::DType::uint8) return 0;  // only bytes are written
    const std::vector<std::byte> again = cornu::formats::write_idx(tensor);
    if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) std::abort();
  } catch (const cornu::Error&) {
  }
  return 0;
}
