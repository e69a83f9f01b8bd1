#include "cornu/datasets/name_of_path.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0::datasets {
namespace name_of_path_test {

TEST(NameOfPath, IsTheFileOrTheFolderItself) {
  EXPECT_EQ(name_of_path("a/houses.csv"), "houses");
  EXPECT_EQ(name_of_path("./my.data.npz"), "my.data");
  const cornu::TestFolder folder;
  std::filesystem::create_directories(folder.file("my.photos/cats"));
  for (const char* const each : {"my.photos", "my.photos/", "my.photos/.", "my.photos/cats/.."}) {
    EXPECT_EQ(name_of_path(folder.file(each)), "my.photos") << each;
  }
  EXPECT_EQ(name_of_path("."), std::filesystem::current_path().filename().string());
}

}  // namespace name_of_path_test
}  // namespace cornu::inline v0::datasets
