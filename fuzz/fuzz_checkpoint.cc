#include <algorithm>
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
  cornu::Block bytes;
  try {
    bytes = cornu::checkpoint_bytes(state).parts.gathered();
  } catch (const cornu::Error&) {
    return 0;
  }
  const cornu::FitState again = cornu::read_checkpoint(bytes.span(), "again");
  const cornu::Block rewritten = cornu::checkpoint_bytes(again).parts.gathered();
  const auto a = bytes.span();
  const auto b = rewritten.span();
  if (!std::equal(a.begin(), a.end(), b.begin(), b.end())) std::abort();
  return 0;
}
