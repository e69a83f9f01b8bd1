#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/gzip.h"

// The input is read as a gzip file, and packed and unpacked as bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint64_t kLimit = 1 << 20;
  const std::vector<std::byte> bytes(reinterpret_cast<const std::byte*>(data),
                                     reinterpret_cast<const std::byte*>(data) + size);
  const auto round_trip = [](const std::vector<std::byte>& payload) {
    const auto file = cornu::formats::gzip(payload);
    if (cornu::formats::gunzip(file, payload.size(), "fuzz") != payload) std::abort();
  };
  round_trip(bytes);
  try {
    const std::vector<std::byte> payload = cornu::formats::gunzip(bytes, kLimit, "fuzz");
    if (payload.size() > kLimit) std::abort();
    round_trip(payload);
  } catch (const cornu::Error&) {
  }
  return 0;
}
