// Reads Keras's JSON, builds the network and summarizes it.

#include <cstdint>

#include "cornu/formats/json.h"
#include "cornu/models/keras_json.h"

namespace {

// Networks with gigabytes of weights are valid, but are not built here.
bool is_small(const cornu::Value& value) {
  if (value.is_int()) return value.as_int() <= 64;
  if (value.is_list()) {
    for (const cornu::Value& each : value.as_list()) {
      if (!is_small(each)) return false;
    }
    return value.as_list().size() <= 64;
  }
  if (value.is_map()) {
    for (const auto& [key, each] : value.as_map()) {
      if (!is_small(each)) return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    if (!is_small(cornu::formats::read_json(text, "fuzz"))) return 0;
    const cornu::Model model = cornu::model_from_json(text, {.sample = cornu::Shape{4}});
    if (model.weights().size() < 1000) static_cast<void>(model.summary());
  } catch (const cornu::Error&) {
  }
  return 0;
}
