#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/gzip.h"

// Packs and unpacks the input; then reads it as a gzip file and does the same with the content.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kLimit = 1 << 20;
  const std::vector<std::byte> bytes(reinterpret_cast<const std::byte*>(data),
                                     reinterpret_cast<const std::byte*>(data) + size);
  const auto round_trip = [](const std::vector<std::byte>& payload) {
    const auto file = cornu::formats::gzip(payload);
    std::vector<std::byte> again(payload.size());
    if (cornu::formats::gunzip(file, again, "fuzz") != payload.size()) std::abort();
    if (again != payload) std::abort();
  };
  round_trip(bytes);
  try {
    std::vector<std::byte> payload(kLimit);
    const size_t unpacked = cornu::formats::gunzip(bytes, payload, "fuzz");
    if (unpacked > kLimit) std::abort();
    payload.resize(unpacked);
    round_trip(payload);
  } catch (const cornu::Error&) {
  }
  return 0;
}
