#include "cornu/cli/own_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cornu/cli/usage_error.h"
#include "cornu/core/paths_test.h"

namespace cornu::inline v0::cli {
namespace own_data_test {

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin);
  const size_t to = text.find(end, from);
  EXPECT_NE(from, std::string::npos) << begin;
  EXPECT_NE(to, std::string::npos) << end;
  return text.substr(from + begin.size(), to - from - begin.size());
}

// The example is compiled and run, so these lines are right.
TEST(OwnData, TheProgramIsThatOfTheExample) {
  std::ifstream file(std::string(kSourceFolder) + "/examples/own_data.cc");
  std::ostringstream example;
  example << file.rdbuf();
  const std::string lines = between(example.str(), "prints:\n", "  // The printed lines end here.");
  EXPECT_EQ(std::string(kOwnDataProgram),
            "#include <fstream>\n#include \"cornu/cornu.h\"\nusing namespace cornu;\n\nint main() "
            "{\n" +
                lines + "}\n");
}

TEST(OwnData, IsNotAMistypedName) {
  for (const char* each : {"my.csv", "images/", "./digits", "x.npz", "/tmp", "a.png"}) {
    EXPECT_TRUE(looks_like_own_data(each)) << each;
  }
  for (const char* each : {"digitz", "mnist", "cifar10", ""}) {
    EXPECT_FALSE(looks_like_own_data(each)) << each;
  }
}

TEST(OwnData, IsRefusedWithTheProgram) {
  try {
    refuse_own_data("DATASET", "my.csv");
  } catch (const UsageError& error) {
    EXPECT_THAT(error.message, testing::StartsWith(
                                   "DATASET: \"my.csv\" is no data set that the command can read"));
    EXPECT_THAT(error.message, testing::HasSubstr("\n    int main() {\n"));
  }
}

}  // namespace own_data_test
}  // namespace cornu::inline v0::cli
