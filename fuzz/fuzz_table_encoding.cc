#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/datasets/table_encoding.h"
#include "cornu/formats/json.h"

// An encoding that was read from a model's file can be written, and reads back equal: an Error from
// there on is a bug.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cornu::datasets::TableEncoding;
  TableEncoding encoding;
  try {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    encoding = TableEncoding::from_value(cornu::formats::read_json(text, "fuzz"));
  } catch (const cornu::Error&) {
    return 0;
  }
  const std::string text = cornu::formats::write_json(encoding.to_value());
  if (TableEncoding::from_value(cornu::formats::read_json(text, "again")) != encoding) std::abort();
  return 0;
}
