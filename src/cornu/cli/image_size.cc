#include "cornu/cli/image_size.h"

#include <charconv>
#include <string_view>

#include "cornu/core/error.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr int64_t kLargestImageSide = 4096;

[[noreturn]] void refuse_size(const std::string& text) {
  throw Error({.where = "--image-size",
               .expected = "H,W or one number, from 1 to 4096",
               .found = formats::shown(text)});
}

int64_t side_of(std::string_view number, const std::string& whole) {
  int64_t side = 0;
  const char* const end = number.data() + number.size();
  const std::from_chars_result read = std::from_chars(number.data(), end, side);
  const bool is_read = read.ec == std::errc() && read.ptr == end;
  if (!is_read || side < 1 || side > kLargestImageSide) refuse_size(whole);
  return side;
}

}  // namespace

datasets::PictureFolderOptions picture_options(const std::string& image_size) {
  if (image_size.empty()) return {};
  const std::string_view text = image_size;
  const size_t comma = text.find(',');
  const int64_t height = side_of(text.substr(0, comma), image_size);
  const bool is_square = comma == std::string_view::npos;
  return {.height = height,
          .width = is_square ? height : side_of(text.substr(comma + 1), image_size)};
}

void check_image_size(const std::string& image_size, const Data& data) {
  const datasets::PictureFolderOptions wanted = picture_options(image_size);
  const Shape& sample = data.input_shape;
  const bool is_so = sample.ndim() >= 2 && sample[0] == wanted.height && sample[1] == wanted.width;
  if (image_size.empty() || is_so) return;
  throw Error({.where = "--image-size",
               .what = "is for folders of pictures alone",
               .expected = "photos/ with a folder for each class",
               .found = data.name + ", samples of " + sample.str()});
}

}  // namespace cornu::inline v0::cli
