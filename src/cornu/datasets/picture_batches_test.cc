#include "cornu/datasets/picture_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cornu/core/error_of_test.h"
#include "cornu/formats/png.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::datasets {
namespace picture_batches_test {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;

class PictureReading : public testing::Test {
 protected:
  // Files with the pictures of one pixel 0, 1, 2 …
  std::vector<std::string> files(int count) const {
    std::vector<std::string> paths;
    for (int i = 0; i < count; ++i) {
      paths.push_back(folder_.file(std::to_string(i) + ".png"));
      std::ofstream(paths.back(), std::ios::binary)
          << formats::write_gray_png(1, 1, std::vector<uint8_t>{static_cast<uint8_t>(i)});
    }
    return paths;
  }

  const PictureForm form_{.height = 2, .width = 3, .channels = 1};
  cornu::TestFolder folder_;
};

TEST_F(PictureReading, GivesBatchesInTheOrderOfTheFiles) {
  const std::vector<std::string> paths = files(50);
  for (const int threads : {1, 2, 7}) {
    for (const int64_t batch_size : {1, 3, 50, 64}) {
      PictureBatches batches(paths, form_, batch_size, threads);
      int64_t at = 0;
      while (const std::optional<Tensor> batch = batches.next()) {
        const int64_t rows = std::min<int64_t>(batch_size, 50 - at);
        ASSERT_EQ(batch->shape(), (Shape{rows, 2, 3, 1}));
        for (int64_t row = 0; row < rows; ++row, ++at) {
          EXPECT_THAT(batch->view().row(row).span<float>(), Each(static_cast<float>(at)));
        }
      }
      EXPECT_EQ(at, 50) << threads << " threads, batches of " << batch_size;
      EXPECT_FALSE(batches.next());
    }
  }
}

TEST_F(PictureReading, EndsBeforeAllIsRead) {
  const std::vector<std::string> paths = files(50);
  const PictureBatches unread(paths, form_, 4, 2);
  PictureBatches batches(paths, form_, 4, 2);
  EXPECT_TRUE(batches.next());
  EXPECT_FALSE(PictureBatches({}, form_, 4).next());
}

TEST_F(PictureReading, NamesTheFirstThatCannotBeRead) {
  std::vector<std::string> paths = files(50);
  std::filesystem::remove(paths[20]);
  std::ofstream(paths[13], std::ios::binary) << "GIF89a";
  std::ofstream(paths[12], std::ios::binary) << "BM" << std::string(12, '\0');
  for (const int threads : {1, 4}) {
    PictureBatches batches(paths, form_, 10, threads);
    EXPECT_TRUE(batches.next());
    for (int again = 0; again < 2; ++again) {
      EXPECT_THAT(error_of([&] { batches.next(); }),
                  AllOf(HasSubstr("12.png"), HasSubstr("a BMP picture")));
    }
  }
  EXPECT_THAT(error_of([&] { PictureBatches({}, form_, 0); }), HasSubstr("batches and sizes"));
  EXPECT_THAT(error_of([&] { PictureBatches({}, {.channels = 2}, 1); }),
              HasSubstr("1, 3 or 4 channels"));
}

TEST_F(PictureReading, NamesWrongForms) {
  const auto refused = [&](const PictureForm& form) {
    return error_of([&] { PictureBatches(files(1), form, 1); });
  };
  EXPECT_THAT(refused({.interpolation = "bicubic"}), HasSubstr("\"bicubic\"; expected one of"));
  EXPECT_THAT(refused({.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true}),
              HasSubstr("cannot be cropped and padded"));
}

}  // namespace picture_batches_test
}  // namespace cornu::inline v0::datasets
