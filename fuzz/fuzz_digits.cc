#include <algorithm>
#include <cstdlib>
#include <string>

#include "cornu/core/error.h"
#include "cornu/images/digits_in.h"

// Any picture has digits that lie in it, as samples of MNIST are, or none. The first byte is its
// width.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cornu;
  if (size < 2 || data[0] == 0 || size > 4096) return 0;
  const int64_t width = data[0];
  const auto height = static_cast<int64_t>(size - 1) / width;
  if (height == 0) return 0;
  Tensor picture(Shape{height, width}, DType::uint8);
  std::copy_n(data + 1, height * width, picture.span<uint8_t>().begin());
  images::DigitsIn found;
  try {
    found = images::digits_in(picture);
  } catch (const Error&) {
    return 0;
  }
  for (const images::FoundDigit& digit : found.digits) {
    const bool is_inside = digit.left >= 0 && digit.top >= 0 && digit.width > 0 &&
                           digit.height > 0 && digit.left + digit.width <= width &&
                           digit.top + digit.height <= height;
    const auto pixels = digit.sample.span<uint8_t>();
    const bool has_ink = std::ranges::any_of(pixels, [](uint8_t each) { return each > 0; });
    if (!is_inside || !has_ink || digit.sample.shape() != Shape{28, 28}) std::abort();
  }
  return 0;
}
