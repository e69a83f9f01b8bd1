#include "cornu/report/read_picture.h"

#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/picture.h"

namespace cornu::inline v0 {

Tensor read_picture(const std::string& path, int64_t channels) {
  constexpr uint64_t kLargestPictureFile = uint64_t{256} << 20;
  return read_picture(read_file(path, kLargestPictureFile), channels, path);
}

Tensor read_picture(std::span<const std::byte> file, int64_t channels, const std::string& where) {
  constexpr uint8_t kWhite = 255;
  if (channels != 1 && channels != 3) {
    throw Error({.where = where,
                 .expected = "1 or 3 channels of a picture",
                 .found = std::to_string(channels)});
  }
  Tensor shown = formats::on_background(formats::read_picture_file(file, where), channels, kWhite);
  if (channels == 3) return shown;
  const Shape shape{shown.shape()[0], shown.shape()[1]};
  return Tensor(shown.view().reshape(shape));
}

}  // namespace cornu::inline v0
