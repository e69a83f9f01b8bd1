#include "cornu/report/feature_maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "cornu/report/read_picture.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace feature_maps_test {

using ::testing::HasSubstr;

// Two maps: the image, and minus the image.
Model two_maps() {
  Sequential model({Input({2, 2, 1}), Conv2D({.filters = 2, .kernel_size = {1}, .name = "both"}),
                    Dropout({.rate = 0.5, .name = "drop"}), MaxPooling2D({.name = "pool"}),
                    Flatten(), Dense(1)});
  model.set_weight("both/kernel", Tensor::of<float>({1, 1, 1, 2}, {1, -1}));
  return model;
}

Tensor image() {
  return Tensor::of<float>({2, 2, 1}, {0, 1, 2, 4});
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Red of the pixel.
int at(const Tensor& picture, int64_t x, int64_t y) {
  return picture.span<uint8_t>()[static_cast<size_t>(3 * (y * picture.shape()[1] + x))];
}

TEST(FeatureMaps, ShowTheNumbersOfEachMap) {
  const TestFolder folder;
  save_feature_maps(two_maps(), image(), folder.file("maps.png"));
  const Tensor picture = read_picture(folder.file("maps.png"), 3);
  // Three lines, input, both and pool, as drop changes nothing: titles of 30 pixels above maps
  // of 64.
  EXPECT_EQ(picture.shape()[0], 16 + 3 * (30 + 64) + 16);
  // The input: 0, 1, 2 and 4 in cells of 32 × 32.
  EXPECT_EQ(at(picture, 16, 46), 0);
  EXPECT_EQ(at(picture, 16 + 63, 46), 64);
  EXPECT_EQ(at(picture, 16, 46 + 63), 128);
  EXPECT_EQ(at(picture, 16 + 63, 46 + 63), 255);
  // From -4 to 4: the first map from 0 on, the second down from 0.
  const int64_t second = 16 + 64 + 6;
  EXPECT_EQ(at(picture, 16, 140), 128);
  EXPECT_EQ(at(picture, 16 + 63, 140 + 63), 255);
  EXPECT_EQ(at(picture, second, 140), 128);
  EXPECT_EQ(at(picture, second + 63, 140 + 63), 0);
  // Their largest, 4 and 0, in one cell each.
  EXPECT_EQ(at(picture, 16 + 20, 234 + 20), 255);
  EXPECT_EQ(at(picture, second + 20, 234 + 20), 0);
}

TEST(FeatureMaps, OfNamedLayersAndTheFirstMaps) {
  const TestFolder folder;
  save_feature_maps(two_maps(), image(), folder.file("maps.png"), {.layers = {"pool"}});
  EXPECT_EQ(read_picture(folder.file("maps.png"), 1).shape()[0], 16 + 2 * (30 + 64) + 16);
  save_feature_maps(two_maps(), image(), folder.file("maps.svg"), {.most = 1});
  EXPECT_THAT(folder.text("maps.svg"), HasSubstr("<svg"));
}

TEST(FeatureMaps, ReadBytesAsTheTrainingDid) {
  const TestFolder folder;
  Model model = two_maps();
  model.set_data_spec(
      {.x = {{Shape({2, 2, 1}), {.dtype = DType::uint8, .divisor = 255}}}, .y = {}});
  save_feature_maps(model, Tensor::of<uint8_t>({2, 2}, {0, 51, 102, 255}), folder.file("a.png"));
  save_feature_maps(model, Tensor::of<float>({2, 2}, {0.F, 0.2F, 0.4F, 1.F}), folder.file("b.png"));
  EXPECT_EQ(folder.text("a.png"), folder.text("b.png"));
}

TEST(FeatureMaps, RefuseWhatHasNone) {
  const auto error = [](const Model& model, TensorView x, const FeatureMapsOptions& options = {}) {
    return error_of([&] { save_feature_maps(model, x, "/nowhere/maps.png", options); });
  };
  const Model dense = Sequential({Input({4}), Dense(1)});
  EXPECT_THAT(error(dense, Tensor({4})), HasSubstr("with layers whose outputs are images"));
  EXPECT_THAT(error(two_maps(), Tensor({3, 3})),
              HasSubstr("expected an image of shape (2, 2, 1), got (3, 3)"));
  EXPECT_THAT(error(two_maps(), image(), {.layers = {"bth"}}),
              HasSubstr("unknown layer with images \"bth\"; expected one of both"));
  EXPECT_THAT(error(two_maps(), image(), {.most = 0}),
              HasSubstr("most: expected 1 or more, got 0"));
  const Input a({2, 2, 1});
  const Input b({2, 2, 1});
  const Model two({a, b}, Add()({a, b}));
  EXPECT_THAT(error(two, image()), HasSubstr("expected a network of one input, got 2"));
  EXPECT_THAT(error(two_maps(), image()), HasSubstr("/nowhere/maps.png"));
}

}  // namespace feature_maps_test
}  // namespace cornu::inline v0
