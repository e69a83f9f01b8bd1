// Pictures as Keras reads them: goldens/make_keras_pictures.py.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/picture.h"
#include "cornu/images/place.h"
#include "golden_files.h"

namespace cornu::inline v0 {
namespace keras_pictures_test {

using images::Filling;
using images::Interpolation;
using images::Place;
using testing::ElementsAreArray;

// "colours.png/3/8x8/bilinear/cropped", as tests/goldens/make_keras_pictures.py names it.
struct Case {
  explicit Case(const std::string& name) {
    std::vector<std::string> parts;
    std::istringstream stream(name);
    for (std::string part; std::getline(stream, part, '/');) parts.push_back(part);
    file = parts.at(0);
    channels = std::stoll(parts.at(1));
    const size_t times = parts.at(2).find('x');
    place.height = std::stoll(parts.at(2).substr(0, times));
    place.width = std::stoll(parts.at(2).substr(times + 1));
    if (parts.at(3) == "nearest") place.interpolation = Interpolation::nearest;
    if (parts.at(4) == "cropped") place.filling = Filling::cropped;
    if (parts.at(4) == "padded") place.filling = Filling::padded;
  }

  std::string file;
  int64_t channels = 0;
  Place place;
};

TEST(KerasPictures, HaveThePixelsThatKerasReads) {
  const formats::Safetensors goldens = golden("keras_pictures");
  size_t found = 0;
  for (const auto& [name, expected] : goldens.tensors) {
    const Case each(name);
    const std::string path = std::string(kSourceFolder) + "/tests/goldens/pictures/" + each.file;
    const Tensor picture = formats::decode_picture(read_file(path), path, each.channels);
    std::vector<float> pixels(static_cast<size_t>(expected.size()));
    put(picture.view(), each.place, pixels);
    EXPECT_THAT(pixels, ElementsAreArray(expected.span<float>())) << name;
    ++found;
  }
  EXPECT_EQ(found, 98U);
}

}  // namespace keras_pictures_test
}  // namespace cornu::inline v0
