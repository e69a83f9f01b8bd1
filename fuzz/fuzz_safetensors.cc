#include <cstdlib>
#include <cstring>

#include "cornu/core/error.h"
#include "cornu/formats/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cornu::formats::read_safetensors;
  cornu::formats::Safetensors file;
  try {
    file = read_safetensors(std::as_bytes(std::span(data, size)), "fuzz");
  } catch (const cornu::Error&) {
    return 0;
  }
  size_t nbytes = 0;
  for (const auto& [name, tensor] : file.tensors) nbytes += tensor.nbytes();
  if (nbytes > size) std::abort();
  // A file that was read can be written, and reads back equal: an Error from here on is a bug.
  const std::vector<std::byte> bytes = write_safetensors(file);
  const auto again = read_safetensors(bytes, "again");
  if (again.metadata != file.metadata || again.tensors.size() != file.tensors.size()) std::abort();
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    const auto& [name, tensor] = file.tensors[i];
    const auto& [other_name, other] = again.tensors[i];
    if (name != other_name || tensor.shape() != other.shape() || tensor.dtype() != other.dtype() ||
        std::memcmp(tensor.data(), other.data(), tensor.nbytes()) != 0) {
      std::abort();
    }
  }
  return write_safetensors(again) == bytes ? 0 : (std::abort(), 0);
}
