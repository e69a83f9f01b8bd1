#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace {

const std::string kRoot = CORNU_TESTS_DIR "/..";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Readme, ShowsTheProgramThatTheExamplesBuild) {
  const std::string readme = text_of(kRoot + "/README.md");
  const std::string fence = "```cpp\n";
  const size_t begin = readme.find(fence);
  ASSERT_NE(begin, std::string::npos);
  const size_t first = begin + fence.size();
  EXPECT_EQ(readme.substr(first, readme.find("```", first) - first),
            text_of(kRoot + "/examples/hello_mnist.cc"));
}

}  // namespace
