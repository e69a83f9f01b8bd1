#include "cornu/formats/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/file.h"
#include "cornu/core/paths_test.h"
#include "cornu/formats/damage_test.h"
#include "cornu/formats/exif.h"
#include "cornu/formats/npz.h"

namespace cornu::inline v0::formats {
namespace picture_test {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

std::string golden_path(const std::string& name) {
  return std::string(kSourceFolder) + "/tests/goldens/pictures/" + name;
}

std::vector<std::byte> golden_file(const std::string& name) {
  return read_file(golden_path(name));
}

std::string refused(std::span<const std::byte> file) {
  return error_of([&] { read_picture_file(file, "a.png"); });
}

TEST(PictureFiles, HaveThePixelsThatOtherProgramsRead) {
  const std::vector<std::byte> file = golden_file("expected.npz");
  const Npz expected = read_npz(file, "expected.npz");
  ASSERT_EQ(expected.tensors.size(), 40U);
  for (const auto& [name, pixels] : expected.tensors) {
    const Picture picture = read_picture_file(golden_file(name), name);
    EXPECT_EQ(picture.pixels.shape(), pixels.shape()) << name;
    EXPECT_THAT(picture.pixels.span<uint8_t>(), ElementsAreArray(pixels.span<uint8_t>())) << name;
  }
}

TEST(PictureFiles, TellWhatWasDoneToThem) {
  const auto changes = [](const std::string& name) {
    return read_picture_file(golden_file(name), name).changes;
  };
  EXPECT_THAT(changes("colours.png"), IsEmpty());
  EXPECT_THAT(changes("colours_turned_1.jpg"), IsEmpty());
  EXPECT_THAT(changes("grey_16.png"), ElementsAre("16 bits divided by 257"));
  EXPECT_THAT(changes("palette.png"), ElementsAre("palette made colours"));
  EXPECT_THAT(changes("inks.jpg"), ElementsAre("four inks made colours"));
  EXPECT_THAT(changes("colours_turned_6.jpg"),
              ElementsAre("turned by 90° to the right, as its EXIF data say"));
  const auto called = [](const std::string& name, const std::string& file) {
    return read_picture_file(golden_file(file), name).changes;
  };
  EXPECT_THAT(called("a.png", "colours_turned_1.jpg"),
              ElementsAre("read as JPEG, which it is by its content"));
  EXPECT_THAT(called("a.jpeg", "colours.png"),
              ElementsAre("read as PNG, which it is by its content"));
}

TEST(PictureFiles, OfOtherFormatsAreRefusedByName) {
  const auto text = [](std::string_view bytes) { return std::as_bytes(std::span(bytes)); };
  EXPECT_THAT(refused(text("GIF89a")), HasSubstr("expected a picture in PNG or JPEG, got a GIF"));
  EXPECT_THAT(refused(text("RIFF....WEBPVP8 ")), HasSubstr("got a WebP picture"));
  EXPECT_THAT(refused(text("....ftypheic")), HasSubstr("got a HEIC picture"));
  EXPECT_THAT(refused(text("")), HasSubstr("got an empty file"));
  EXPECT_THAT(refused(text("words")), HasSubstr("got another file"));
}

// Each beginning of a file is an error, and no changed byte does harm. A JPEG ends with the pixels.
TEST(PictureFiles, ThatAreDamagedAreRefused) {
  for (const std::string name : {"palette_opacity.png", "colours_16.png", "grey.jpg"}) {
    std::vector<std::byte> file = golden_file(name);
    const size_t end = name.ends_with("jpg") ? file.size() - 2 : file.size();
    for (size_t size = 0; size < end; ++size) {
      EXPECT_NE(refused(std::span(file).first(size)), "no error") << name << " " << size;
    }
    for (std::byte& each : file) {
      const std::byte before = each;
      for (const int flipped : {0x01, 0x80, 0xFF}) {
        each = before ^ static_cast<std::byte>(flipped);
        refused(file);
      }
      each = before;
    }
    EXPECT_EQ(refused(file), "no error");
  }
}

Picture picture_of(Shape shape, std::vector<uint8_t> pixels) {
  return {.pixels = Tensor::of<uint8_t>(std::move(shape), pixels)};
}

std::vector<int> shown(const Picture& picture, int64_t channels, uint8_t background) {
  const Tensor pixels = on_background(picture, channels, background);
  return {pixels.span<uint8_t>().begin(), pixels.span<uint8_t>().end()};
}

TEST(PictureFiles, AreShownOnABackground) {
  const Picture grey = picture_of({1, 3, 2}, {10, 255, 10, 0, 10, 128});
  EXPECT_THAT(shown(grey, 1, 255), ElementsAre(10, 255, 132));
  EXPECT_THAT(shown(grey, 1, 0), ElementsAre(10, 0, 5));
  EXPECT_THAT(shown(grey, 3, 0), ElementsAre(10, 10, 10, 0, 0, 0, 5, 5, 5));
  const Picture colours = picture_of({1, 2, 3}, {255, 0, 0, 10, 20, 30});
  EXPECT_THAT(shown(colours, 1, 0), ElementsAre(76, 18));
  EXPECT_THAT(shown(colours, 3, 0), ElementsAre(255, 0, 0, 10, 20, 30));
  EXPECT_THAT(error_of([&] { on_background(colours, 2, 0); }), HasSubstr("1 or 3 channels"));
}

// What is transparent may have any colour.
TEST(PictureFiles, HaveABackgroundThatIsNotTheirInk) {
  EXPECT_EQ(contrasting_background(picture_of({1, 3, 2}, {10, 255, 255, 0, 255, 0})), 255);
  EXPECT_EQ(contrasting_background(picture_of({1, 3, 2}, {240, 255, 0, 0, 0, 0})), 0);
  EXPECT_EQ(contrasting_background(picture_of({1, 1, 4}, {255, 240, 0, 200})), 0);
  EXPECT_EQ(contrasting_background(picture_of({1, 1, 4}, {90, 240, 0, 200})), 255);
  EXPECT_EQ(contrasting_background(picture_of({1, 1, 3}, {255, 255, 255})), 255);
  EXPECT_EQ(contrasting_background(picture_of({1, 1, 2}, {255, 0})), 255);
}

TEST(Exif, WithoutAnOrientationIsUpright) {
  const auto orientation = [](std::string_view bytes) {
    return exif_orientation(std::as_bytes(std::span(bytes)));
  };
  EXPECT_EQ(orientation(""), 1);
  EXPECT_EQ(orientation("II*"), 1);
  using std::string_view_literals::operator""sv;
  const std::string whole("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"sv);
  EXPECT_EQ(orientation(whole), 6);
  for (size_t size = 0; size < 20; ++size) EXPECT_EQ(orientation(whole.substr(0, size)), 1) << size;
  // Of a number that no orientation has, and in a directory beyond the end.
  std::string other = whole;
  other[18] = 9;
  EXPECT_EQ(orientation(other), 1);
  other = whole;
  other[7] = '\x7F';
  EXPECT_EQ(orientation(other), 1);
}

}  // namespace picture_test
}  // namespace cornu::inline v0::formats
