#include "cornu/core/nearest_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace nearest_file_test {

TEST(NearestFile, IsNamedIfItIsNear) {
  const TestFolder folder;
  for (const char* const name : {"penguins.csv", "houses.csv", "pen\x1bguin.csv"}) {
    std::ofstream(folder.file(name)) << "a";
  }
  EXPECT_EQ(nearest_file_hint(folder.file("penguin.csv")),
            "the nearest is " + folder.file("penguins.csv"));
  EXPECT_EQ(nearest_file_hint(folder.file("Houses.tsv")),
            "the nearest is " + folder.file("houses.csv"));
  EXPECT_EQ(nearest_file_hint(folder.file("flowers.csv")), "");
  EXPECT_EQ(nearest_file_hint(folder.file("no/penguin.csv")), "");
  EXPECT_EQ(nearest_file_hint(""), "");
}

}  // namespace nearest_file_test
}  // namespace cornu::inline v0
