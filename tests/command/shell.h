#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "cornu/core/paths_test.h"
#include "cornu/core/value.h"
#include "cornu/formats/json.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {

struct Outcome {
  int status = 0;
  std::string out, err;
};

/// A shell in an empty folder that finds the built command, but no data sets, caches or network.
class Shell {
 public:
  /// Runs a line in the shell and returns its output and exit status.
  Outcome run(const std::string& line) const {
    const std::string folder = std::filesystem::path(kCommand).parent_path().string();
    const std::string all = "cd '" + home_.file("") + "' && unset CORNU_DATASETS XDG_CACHE_HOME " +
                            "NO_COLOR COLUMNS LC_ALL LC_CTYPE && export HOME=$PWD LANG=C.UTF-8 " +
                            "CORNU_MIRROR=http://127.0.0.1:9/ PATH='" + folder + "':\"$PATH\" && " +
                            "{ " + line + "\n} >'" + streams_.file("out") + "' 2>'" +
                            streams_.file("err") + "'";
    const int status = std::system(all.c_str());
    return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .out = streams_.text("out"),
            .err = streams_.text("err")};
  }

  std::string file(const std::string& name) const { return home_.file(name); }
  std::string text(const std::string& name) const { return home_.text(name); }

 private:
  TestFolder home_, streams_;
};

/// A test of the command, which is left out in a build without it.
class CommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string(kCommand).empty()) GTEST_SKIP() << "built without the command";
  }

  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(shell_.file(name), std::ios::binary) << bytes;
  }
  /// The document that a line prints, which must succeed.
  Value json(const std::string& line) const {
    const Outcome outcome = shell_.run(line);
    EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.err;
    return formats::read_json(outcome.out, line);
  }

  Shell shell_;
};

}  // namespace cornu::inline v0
