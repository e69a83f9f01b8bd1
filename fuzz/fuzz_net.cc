// The parser alone: the rest of the command is in no library that fuzz targets link.
#include "cornu/cli/net_text.cc"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    cornu::cli::layers_from_text(text);
  } catch (const cornu::Error&) {
  }
  try {
    cornu::cli::optimizer_from_text(text);
  } catch (const cornu::Error&) {
  }
  return 0;
}
