#include <cmath>
#include <cstring>

#include "cornu/core/names.h"
#include "cornu/formats/base64.h"
#include "cornu/formats/png.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {

std::string percent_text(double fraction) {
  return std::isfinite(fraction) ? fixed(100 * fraction, 2) + " %" : "–";
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "–";
  const bool is_long = std::abs(value) >= 1e4 && std::abs(value) < 1e7;
  if (is_long) return with_commas(std::llround(value));
  std::string text = significant(value, 4);
  for (const char* const form : {"e+0", "e+"}) {
    if (const size_t at = text.find(form); at != text.npos)
      text.replace(at, std::strlen(form), "e");
  }
  return text;
}

std::string duration_text(double seconds) {
  if (seconds < 1) return significant(1000 * seconds, 3) + " ms";
  return (seconds < 100 ? significant(seconds, 3) : with_commas(std::llround(seconds))) + " s";
}

std::string counted(int64_t count, const std::string& noun) {
  return with_commas(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string place_text(double pixels) {
  return shortest(std::round(10 * pixels) / 10);
}

std::string class_name(const ValidationResults& validation, int64_t number) {
  const auto place = static_cast<size_t>(number);
  return place < validation.class_names.size() ? validation.class_names[place]
                                               : std::to_string(number);
}

bool is_picture(const Shape& sample) {
  constexpr int64_t kLeastSide = 4;
  const int ndim = sample.ndim();
  const bool fits = ndim == 2 || (ndim == 3 && (sample[2] == 1 || sample[2] == 3));
  return fits && sample[0] >= kLeastSide && sample[1] >= kLeastSide;
}

std::string png_base64(const Pixels& pixels) {
  const auto write = pixels.channels == 1 ? formats::write_gray_png : formats::write_rgb_png;
  return formats::base64(write(pixels.width, pixels.height, pixels.values));
}

}  // namespace cornu::inline v0
