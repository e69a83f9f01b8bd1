#include "cornu/datasets/picture_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "cornu/core/error_of_test.h"
#include "cornu/core/paths_test.h"
#include "cornu/datasets/split.h"
#include "cornu/formats/png.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::datasets {
namespace picture_folder_test {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

class PictureFolder : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(file(name)).parent_path());
    std::ofstream(file(name), std::ios::binary) << bytes;
  }
  void write_grey(const std::string& name, int64_t side, uint8_t value) const {
    const auto size = static_cast<size_t>(side * side);
    write(name, formats::write_gray_png(side, side, std::vector<uint8_t>(size, value)));
  }
  void copy_golden(const std::string& golden, const std::string& name) const {
    fs::create_directories(fs::path(file(name)).parent_path());
    fs::copy_file(fs::path(kSourceFolder) / "tests/goldens/pictures" / golden, file(name));
  }
  std::string file(const std::string& name) const { return folder_.file("pets/" + name); }
  std::string path() const { return folder_.file("pets"); }
  DatasetParts read(const PictureFolderOptions& options = {}) const {
    return picture_folder(path(), options);
  }

  cornu::TestFolder folder_;
};

TEST_F(PictureFolder, ClassesAreTheNamesOfFolders) {
  write_grey("cats/2.png", 5, 20);
  write_grey("cats/1.PNG", 5, 10);
  write_grey("dogs/1.png", 5, 30);
  write("dogs/notes.txt", "no picture");
  write("dogs/.hidden.png", "no picture either");
  const DatasetParts parts = read();
  EXPECT_THAT(parts.train.info().class_names, ElementsAre("cats", "dogs"));
  EXPECT_EQ(parts.train.info().name, "pets");
  EXPECT_EQ(parts.test.size(), 0);
  ASSERT_EQ(parts.train.x().shape(), (Shape{3, 5, 5, 1}));
  EXPECT_EQ(parts.train.x().at(0), 10);
  EXPECT_EQ(parts.train.x().at(25), 20);
  EXPECT_EQ(parts.train.x().at(50), 30);
  EXPECT_EQ(parts.train.y().at(1), 0);
  EXPECT_EQ(parts.train.y().at(2), 1);
  EXPECT_EQ(picture_folder(path() + "/").train.info().name, "pets");
}

TEST_F(PictureFolder, HasATestPartInAFolderOfThatName) {
  for (const std::string part : {"train", "val"}) {
    write_grey(part + "/a/1.png", 4, 1);
    write_grey(part + "/b/1.png", 4, 2);
  }
  write_grey("train/b/2.png", 4, 3);
  const DatasetParts parts = read();
  EXPECT_EQ(parts.train.size(), 3);
  EXPECT_EQ(parts.test.size(), 2);
  EXPECT_THAT(parts.test.info().class_names, ElementsAre("a", "b"));
  write_grey("val/c/1.png", 4, 2);
  EXPECT_THAT(error_of([&] { read(); }),
              AllOf(HasSubstr("val/c"), HasSubstr("is a class that the training part does not")));
}

TEST_F(PictureFolder, BringsPicturesToOneSize) {
  write_grey("a/1.png", 5, 10);
  write_grey("b/1.png", 9, 30);
  EXPECT_EQ(read().train.x().shape(), (Shape{2, 64, 64, 1}));
  EXPECT_EQ(read({.height = 3, .width = 7}).train.x().shape(), (Shape{2, 3, 7, 1}));
  EXPECT_EQ(read({.height = 3, .width = 7, .channels = 3}).train.x().shape(), (Shape{2, 3, 7, 3}));
}

TEST_F(PictureFolder, KeepsColoursIfOnePictureHasSome) {
  write_grey("a/1.png", 5, 10);
  copy_golden("colours_turned_6.jpg", "b/1.jpeg");  // 20 × 30 when stored, upright 30 × 20
  EXPECT_EQ(read({.height = 30, .width = 20}).train.x().shape(), (Shape{2, 30, 20, 3}));
  fs::remove_all(file("a"));
  EXPECT_EQ(read().train.x().shape(), (Shape{1, 30, 20, 3}));
}

TEST_F(PictureFolder, ChangesItsFingerprintWithItsPictures) {
  write_grey("a/1.png", 5, 10);
  const std::string before = read().train.info().sha256;
  EXPECT_EQ(read().train.info().sha256, before);
  write_grey("a/1.png", 5, 11);
  EXPECT_NE(read().train.info().sha256, before);
}

TEST_F(PictureFolder, GivesAPartOfEachClassToTheTest) {
  for (int i = 0; i < 10; ++i) {
    write_grey("a/" + std::to_string(i) + ".png", 4, static_cast<uint8_t>(i));
    write_grey("b/" + std::to_string(i) + ".png", 4, static_cast<uint8_t>(100 + i));
  }
  const PictureFolderOptions options{.validation_split = 0.3, .seed = 5};
  const DatasetParts parts = read(options);
  EXPECT_EQ(parts.train.size(), 14);
  ASSERT_EQ(parts.test.size(), 6);
  std::set<double> seen;
  for (const Dataset* const part : {&parts.train, &parts.test}) {
    for (int64_t i = 0; i < part->size(); ++i) {
      const double pixel = part->x().at(16 * i);
      EXPECT_EQ(part->y().at(i), pixel >= 100 ? 1 : 0);
      seen.insert(pixel);
    }
  }
  EXPECT_EQ(seen.size(), 20U);
  // As the whole set, split.
  const DatasetParts whole = split(read().train, 0.3, 5);
  EXPECT_THAT(parts.test.x().span<uint8_t>(), ElementsAreArray(whole.test.x().span<uint8_t>()));
  EXPECT_EQ(parts.train.info().sha256, whole.train.info().sha256);
  EXPECT_THAT(error_of([&] { read({.validation_split = 1}); }),
              HasSubstr("expected a fraction from 0 to below 1"));
  write_grey("train/a/1.png", 4, 1);
  write_grey("test/a/1.png", 4, 1);
  EXPECT_THAT(error_of([&] { read(options); }), HasSubstr("is a test part"));
}

TEST_F(PictureFolder, RefusesWhatItCannotRead) {
  fs::create_directories(path());
  EXPECT_THAT(error_of([&] { read(); }), HasSubstr("has no pictures; expected a folder for each "
                                                   "class with .png, .jpg or .jpeg files in it, "
                                                   "got no folders"));
  write("a/notes.txt", "");
  EXPECT_THAT(error_of([&] { read(); }), HasSubstr("got folders without such files"));
  write_grey("a/1.png", 5, 10);
  write("a/2.png", "GIF89a");
  EXPECT_THAT(error_of([&] { read(); }), AllOf(HasSubstr("a/2.png"), HasSubstr("a GIF picture")));
}

}  // namespace picture_folder_test
}  // namespace cornu::inline v0::datasets
