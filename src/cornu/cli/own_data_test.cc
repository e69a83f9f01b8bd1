#include "cornu/cli/own_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

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
            "#include <iostream>\n#include \"cornu/cornu.h\"\nusing namespace cornu;\n\nint main() "
            "{\n" +
                lines + "}\n");
}

}  // namespace own_data_test
}  // namespace cornu::inline v0::cli
