#include <cstdlib>

#include "cornu/callbacks/checkpoint_file.h"
#include "cornu/core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  cornu::FitState state;
  try {
    state = cornu::read_checkpoint(std::as_bytes(std::span(data, size)), "fuzz");
  } catch (const cornu::Error&) {
    return 0;
  }
  // What was read can be written, unless a callback's value has a name that the format keeps for
  // itself, and is written the same again.
  std::vector<std::byte> bytes;
  try {
    bytes = cornu::write_checkpoint(state);
  } catch (const cornu::Error&) {
    return 0;
  }
  const cornu::FitState again = cornu::read_checkpoint(bytes, "again");
  if (cornu::write_checkpoint(again) != bytes) std::abort();
  return 0;
}
