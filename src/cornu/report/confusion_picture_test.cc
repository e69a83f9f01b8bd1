#include "cornu/report/confusion_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/report/confusion_layout_internal.h"
#include "cornu/report/read_picture.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace confusion_picture_test {

std::vector<int> pixel(const Tensor& picture, double x, double y) {
  const auto at = static_cast<size_t>(
      3 * (static_cast<int64_t>(y) * picture.shape()[1] + static_cast<int64_t>(x)));
  const auto bytes = picture.span<uint8_t>();
  return {bytes[at], bytes[at + 1], bytes[at + 2]};
}

TEST(ConfusionPicture, CellsAreShadedByTheirPartOfTheRow) {
  ConfusionMatrix matrix(2);
  matrix.add(0, 0, 4);
  matrix.add(1, 0, 1);
  matrix.add(1, 1, 3);
  const std::vector<std::string> names = {"cat", "dog"};
  const TestFolder folder;
  save_confusion_matrix(matrix, names, folder.file("confusion.png"));
  const Tensor picture = read_picture(folder.file("confusion.png"), 3);
  const ConfusionLayout layout(matrix, names);
  // Near a cell's corner, where no count is.
  const auto corner = [&](int64_t row, int64_t column) {
    return pixel(picture, layout.x(column) + 4, layout.y(row) + 4);
  };
  EXPECT_EQ(corner(0, 0), (std::vector<int>{0x00, 0x67, 0xa8}));
  EXPECT_EQ(corner(0, 1), (std::vector<int>{0xf0, 0xf2, 0xf6}));
  // A quarter of its row: 0.08 + 0.92 · ½ of the colour over white.
  EXPECT_EQ(corner(1, 0), (std::vector<int>{224, 160, 117}));
}

TEST(ConfusionPicture, OfManyClassesHasRoomForAll) {
  for (const int64_t classes : {1, 2, 10, 100, 101, 1000}) {
    ConfusionMatrix matrix(classes);
    for (int64_t i = 0; i < classes; ++i) matrix.add(i, classes - 1 - i);
    const ConfusionLayout layout(matrix, {});
    EXPECT_GE(layout.left, 26);
    EXPECT_LE(layout.left + layout.side, layout.width);
    EXPECT_LE(layout.width, 4100);
    EXPECT_EQ(layout.count_size > 0, classes <= 100) << classes;
    EXPECT_EQ(layout.name_size > 0, classes <= 101) << classes;
  }
}

TEST(ConfusionPicture, LongNamesAreCutAndTurned) {
  const std::vector<std::string> names = {"a name of a class that is far too long", "b"};
  const ConfusionLayout layout(ConfusionMatrix(2), names);
  EXPECT_TRUE(layout.are_turned);
  EXPECT_EQ(layout.names[0], "a name of a class…");
  EXPECT_EQ(cut_text("ÄÖÜ", 3), "ÄÖÜ");
  EXPECT_EQ(cut_text("ÄÖÜẞ", 3), "ÄÖ…");
}

}  // namespace confusion_picture_test
}  // namespace cornu::inline v0
