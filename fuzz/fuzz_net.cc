// The parser alone: fuzz targets do not link the rest of the command.
#include "cornu/cli/call_text.cc"
#include "cornu/cli/net_text.cc"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    cornu::cli::layers_from_text(text);
  } catch (const cornu::Error&) {
  }
  const auto read = [&](auto from_text) {
    try {
      from_text();
    } catch (const cornu::Error&) {
    }
  };
  read([&] { cornu::cli::optimizer_from_text(text); });
  read([&] { cornu::cli::loss_from_text(text); });
  read([&] { cornu::cli::metrics_from_text(text); });
  read([&] { cornu::cli::callbacks_from_text(text); });
  read([&] { cornu::cli::class_weight_from_text(text); });
  return 0;
}
