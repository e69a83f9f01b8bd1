// Each file of tests/errors is a user's mistake and the command's answer: lines of preparation
// after "+ ", the command line after "$ ", "exit N", and the text on standard error. To rewrite the
// texts, run this test with CORNU_WRITE_GOLDENS=1 and review the difference.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "cornu/core/paths_test.h"
#include "cornu/core/sanitized_test.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace errors_test {

namespace fs = std::filesystem;

struct Mistake {
  std::string preparation, command, expected;
};

Mistake read_mistake(const fs::path& file) {
  Mistake mistake;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("+ ") && mistake.command.empty()) {
      mistake.preparation += line.substr(2) + "\n";
    } else if (line.starts_with("$ ") && mistake.command.empty()) {
      mistake.command = line.substr(2);
    } else {
      mistake.expected += line + "\n";
    }
  }
  return mistake;
}

void write_mistake(const fs::path& file, const Mistake& mistake, const std::string& found) {
  std::ofstream out(file);
  std::istringstream lines(mistake.preparation);
  for (std::string line; std::getline(lines, line);) out << "+ " << line << "\n";
  out << "$ " << mistake.command << "\n" << found;
}

// Names of temporary files differ from run to run, and so do those of checkpoints, which hold
// times, and the memory that is free.
std::string settled(const std::string& text) {
  static const std::regex temporary("\\.tmp\\.[0-9]+\\.[0-9]+");
  static const std::regex checkpoint("(-step-[0-9]+-)[0-9a-f]{64}");
  static const std::regex memory("about [0-9,]+ that are free");
  const std::string named =
      std::regex_replace(std::regex_replace(text, temporary, ""), checkpoint, "$1SHA256");
  return std::regex_replace(named, memory, "about N that are free");
}

std::vector<std::string> mistakes() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(kSourceFolder) / "tests/errors")) {
    const fs::path& file = entry.path();
    if (file.extension() == ".txt") names.push_back(file.stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The address sanitizer takes terabytes of address space, so it cannot be limited.
std::vector<std::string> mistakes_to_make() {
  std::vector<std::string> names = mistakes();
  std::erase_if(names, [](const std::string& name) {
    const fs::path file = fs::path(kSourceFolder) / "tests/errors" / (name + ".txt");
    return kSanitized && read_mistake(file).command.find("ulimit -v") != std::string::npos;
  });
  return names;
}

class Errors : public testing::TestWithParam<std::string> {};

TEST_P(Errors, SaysWhatIsWrongAndWhatToDo) {
  if (std::string(kCommand).empty()) GTEST_SKIP() << "built without the command";
  const fs::path file = fs::path(kSourceFolder) / "tests/errors" / (GetParam() + ".txt");
  const Mistake mistake = read_mistake(file);
  ASSERT_FALSE(mistake.command.empty());
  const Shell shell;
  if (!mistake.preparation.empty()) {
    const Outcome prepared = shell.run("set -e\n" + mistake.preparation);
    ASSERT_EQ(prepared.status, 0) << prepared.err;
  }
  const Outcome outcome = shell.run(mistake.command);
  const std::string found = "exit " + std::to_string(outcome.status) + "\n" + settled(outcome.err);
  if (std::getenv("CORNU_WRITE_GOLDENS") != nullptr) {
    write_mistake(file, mistake, found);
  } else {
    EXPECT_EQ(found, mistake.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Errors, testing::ValuesIn(mistakes_to_make()),
                         [](const auto& each) { return each.param; });

// In the last column of docs/errors.md a name without a dot is a file of tests/errors.
TEST(ErrorsPage, NamesFilesThatAreThere) {
  const std::vector<std::string> known = mistakes();
  static const std::regex name("`([a-z0-9_]+)`");
  std::ifstream page(fs::path(kSourceFolder) / "docs/errors.md");
  size_t found = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ") || !line.ends_with(" |")) continue;
    const std::string last = line.substr(line.rfind(" | "));
    for (std::sregex_iterator each(last.begin(), last.end(), name), end; each != end; ++each) {
      EXPECT_TRUE(std::ranges::binary_search(known, each->str(1))) << each->str(1);
      ++found;
    }
  }
  EXPECT_GT(found, 100U);
}

}  // namespace errors_test
}  // namespace cornu::inline v0
