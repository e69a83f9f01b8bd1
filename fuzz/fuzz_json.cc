#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cornu::formats::read_json;
  using cornu::formats::write_json;
  cornu::Value value;
  try {
    value = read_json({reinterpret_cast<const char*>(data), size}, "fuzz");
  } catch (const cornu::Error&) {
    return 0;
  }
  // A document that was read can be written, and reads back equal: an Error from here on is a bug.
  const std::string text = write_json(value);
  if (read_json(text, "again") != value) std::abort();
  if (read_json(write_json(value, 2), "indented") != value) std::abort();
  if (write_json(read_json(text, "again")) != text) std::abort();
  return 0;
}
