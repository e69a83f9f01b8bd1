// A run that is killed at any moment and resumed ends with the weights, the history and the files
// of a run that was not, bit for bit. CORNU_KILLS is the number of kills, 5 without it; the long
// test sets 200.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cornu/core/paths_test.h"
#include "cornu/core/sanitized_test.h"
#include "cornu/formats/json.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace kill_test {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Recipe {
  const char* name;
  const char* net;
  std::vector<std::string> options;
};

constexpr const char* kDense =
    "flatten, dense(24, activation=relu), batch_normalization, dropout(0.3), "
    "dense(10, activation=softmax)";
constexpr const char* kConvolutions =
    "reshape([20, 20, 1]), conv2d(8, 3, strides=2, use_bias=false), batch_normalization, relu, "
    "max_pooling2d(2), spatial_dropout2d(0.2), conv2d(12, 2, activation=relu), "
    "average_pooling2d(2), flatten, dense(10, activation=softmax)";

// A schedule excludes callbacks that set the learning rate.
const Recipe kRecipes[] = {
    {"plateau",
     kDense,
     {"--optimizer", "adam(0.02, gradient_accumulation_steps=2)", "--callback",
      "reduce_lr_on_plateau(monitor=loss, factor=0.5, patience=1, min_delta=0.05)", "--callback",
      "early_stopping(monitor=loss, patience=3, min_delta=0.03, restore_best_weights=true)",
      "--callback", "csv_logger(log.csv)"}},
    {"convolutions", kConvolutions, {"--optimizer", "adam(one_cycle(0.02, total_steps=480))"}},
    {"schedule",
     kDense,
     {"--optimizer",
      "sgd(cosine_decay(0.1, decay_steps=1000), momentum=0.9, gradient_accumulation_steps=3)",
      "--callback", "early_stopping(patience=6)", "--steps-per-epoch", "100"}},
};

// Of a long test, whose runs shall be killed at many different steps.
bool is_long() {
  return std::getenv("CORNU_KILLS") != nullptr;
}

// Each step writes a checkpoint: of a long test many, under a sanitizer few.
const char* batch_size() {
  if (is_long()) return "--batch-size=40";
  return kSanitized ? "--batch-size=200" : "--batch-size=100";
}

std::vector<std::string> first_run(const Recipe& recipe) {
  std::vector<std::string> words = {
      "train", "digits",     "--out", "run",      "--epochs",
      "12",    batch_size(), "--net", recipe.net, "--checkpoint-every",
      "1step", "--verbose",  "1"};
  words.insert(words.end(), recipe.options.begin(), recipe.options.end());
  return words;
}

/// The command as a process of its own, in a folder of its own.
class Process {
 public:
  Process(const std::string& folder, std::vector<std::string> words) : errors_(folder + "/err") {
    words.insert(words.begin(), "cornu");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ != 0) return;
    const int errors = ::open(errors_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const int nothing = ::open("/dev/null", O_WRONLY);
    if (::chdir(folder.c_str()) != 0 || ::dup2(errors, 2) < 0 || ::dup2(nothing, 1) < 0) ::_exit(3);
    ::execv(kCommand, arguments.data());
    ::_exit(3);
  }

  void kill() const { ::kill(process_, SIGKILL); }
  /// Its exit status, or minus the signal that ended it.
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }
  std::string errors() const {
    std::ifstream file(errors_);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

 private:
  std::string errors_;
  pid_t process_;
};

/// What both runs must have in common: all that holds no time.
struct Files {
  std::string model, history, history_csv, log, weights_sha256;
  bool operator==(const Files&) const = default;
};

Files files_of(const TestFolder& folder) {
  const Value run = formats::read_json(folder.text("run/run.json"), "run.json");
  EXPECT_EQ(run["status"].as_string(), "done");
  return {.model = folder.text("run/model.keras"),
          .history = folder.text("run/history.json"),
          .history_csv = folder.text("run/history.csv"),
          .log = fs::exists(folder.file("log.csv")) ? folder.text("log.csv") : "",
          .weights_sha256 = run["weights_sha256"].as_string()};
}

bool has_half_written_file(const TestFolder& folder) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder.file("run/checkpoints"), none)) {
    if (entry.path().string().find(".tmp.") != std::string::npos) return true;
  }
  return false;
}

// The place of the newest checkpoint, "epoch-0003-step-000017"; empty before the first.
std::string last_place(const TestFolder& folder) {
  std::string last;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder.file("run/checkpoints"), none)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("epoch-")) last = std::max(last, name.substr(0, name.rfind('-')));
  }
  return last;
}

/// The kills of a test and what they hit.
struct Tally {
  std::mt19937 random{20261129};
  int left = 5, kills = 0, writes = 0;
  std::set<std::string> steps;  ///< after which a kill came

  Tally() {
    if (is_long()) left = std::atoi(std::getenv("CORNU_KILLS"));
  }
};

// Kills a run and its continuations at random moments, up to four times, in a short test twice, and
// lets it end.
void kill_and_resume(const Recipe& recipe, double seconds, Tally& tally, const TestFolder& folder) {
  std::vector<std::string> words = first_run(recipe);
  double left = seconds;
  const int most = is_long() ? 4 : 2;
  for (int kills = 0; kills < most && tally.left > 0; ++kills) {
    const Process process(folder.file("."), words);
    while (!fs::exists(folder.file("run/run.json"))) std::this_thread::yield();
    const double wait = std::uniform_real_distribution(0.0, left)(tally.random);
    std::this_thread::sleep_for(std::chrono::duration<double>(wait));
    process.kill();
    if (process.wait() != -SIGKILL) break;  // it was done before
    left -= wait / 2;
    --tally.left;
    ++tally.kills;
    if (has_half_written_file(folder)) ++tally.writes;
    tally.steps.insert(recipe.name + last_place(folder));
    words = {"train", "--resume", "run"};
  }
  const Process process(folder.file("."), {"train", "--resume", "run"});
  ASSERT_EQ(process.wait(), 0) << process.errors();
}

TEST(Kill, AKilledRunEndsAsOneThatWasNot) {
  if (std::string(kCommand).empty()) GTEST_SKIP() << "built without the command";
  Tally tally;
  const int wanted = tally.left;
  while (tally.left > 0) {
    for (const Recipe& recipe : kRecipes) {
      const TestFolder whole;
      const auto begin = Clock::now();
      const Process process(whole.file("."), first_run(recipe));
      ASSERT_EQ(process.wait(), 0) << process.errors();
      const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      const Files expected = files_of(whole);
      for (int runs = 0; runs < 10 && tally.left > 0; ++runs) {
        const TestFolder folder;
        kill_and_resume(recipe, seconds, tally, folder);
        const Files found = files_of(folder);
        ASSERT_EQ(found.weights_sha256, expected.weights_sha256);
        ASSERT_EQ(found.history_csv, expected.history_csv);
        ASSERT_EQ(found.log, expected.log);
        ASSERT_TRUE(found == expected);
        if (!is_long()) break;  // so that each recipe has its turn
      }
    }
  }
  std::cout << tally.kills << " kills after " << tally.steps.size() << " different steps, "
            << tally.writes << " while a checkpoint was written\n";
  EXPECT_EQ(tally.kills, wanted);
  if (wanted < 200) return;
  EXPECT_GE(tally.steps.size(), 150);
  EXPECT_GE(tally.writes, 20);
}

}  // namespace kill_test
}  // namespace cornu::inline v0
