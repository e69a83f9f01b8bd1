#include <cstdlib>

#include "cornu/core/error.h"
#include "cornu/formats/picture.h"
#include "cornu/report/read_picture.h"

// Pictures that say that they are large take long and show nothing more.
static bool is_small(const uint8_t* data, size_t size) {
  constexpr size_t kHeader = 24;
  return size < kHeader || (data[16] == 0 && data[17] == 0 && data[18] < 4 && data[20] == 0 &&
                            data[21] == 0 && data[22] < 4);
}

// A picture has as many bytes as its shape says, in grey and in colour.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (!is_small(data, size)) return 0;
  for (const int64_t channels : {1, 3}) {
    try {
      const auto picture =
          cornu::read_picture(std::as_bytes(std::span(data, size)), channels, "fuzz");
      if (picture.size() != picture.shape()[0] * picture.shape()[1] * channels) std::abort();
    } catch (const cornu::Error&) {
    }
  }
  for (const int64_t channels : {1, 3, 4}) {
    try {
      const auto picture =
          cornu::formats::decode_picture(std::as_bytes(std::span(data, size)), "fuzz", channels);
      if (picture.shape()[2] != channels) std::abort();
    } catch (const cornu::Error&) {
    }
  }
  return 0;
}
