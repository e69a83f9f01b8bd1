// Signals, and terminals that go away, while `cornu train` runs.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "cornu/core/paths_test.h"
#include "cornu/formats/json.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace signals_test {

using testing::HasSubstr;

using Signals = CommandTest;

// A training run that would take hours, with its standard error.
class Running {
 public:
  explicit Running(const std::string& folder, const char* under = nullptr) {
    int err[2];
    if (::pipe(err) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(err[1], STDERR_FILENO);
      ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
      ::close(err[0]);
      if (under != nullptr) {
        ::execlp(under, under, kCommand, "train", "digits", "--epochs", "1000000", "--out",
                 folder.c_str(), nullptr);
      }
      ::execl(kCommand, kCommand, "train", "digits", "--epochs", "1000000", "--out", folder.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(err[1]);
    from_ = err[0];
  }
  ~Running() {
    ::kill(process_, SIGKILL);
    ::close(from_);
  }

  // Reads until `text` appears; false if the process ends before.
  bool says(const std::string& text) {
    char some[4096];
    while (said_.find(text) == std::string::npos) {
      const ssize_t count = ::read(from_, some, sizeof some);
      if (count <= 0) return false;
      said_.append(some, static_cast<size_t>(count));
    }
    return true;
  }
  void send(int signal) const { ::kill(process_, signal); }
  // The exit status, or minus the signal that ended it.
  int status() {
    says("a text that never appears");
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t process_ = 0;
  int from_ = -1;
  std::string said_;
};

TEST_F(Signals, StopsAfterTheStepOnASignalAndSavesTheModel) {
  for (const auto& [signal, status] :
       {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
    const std::string run = "run" + std::to_string(signal);
    Running training(shell_.file(run));
    ASSERT_TRUE(training.says("Epoch 2/"));
    training.send(signal);
    EXPECT_EQ(training.status(), status);
    const Value document = formats::read_json(shell_.text(run + "/run.json"), "run.json");
    EXPECT_EQ(document["status"].as_string(), "interrupted");
    EXPECT_GE(document["epochs"].as_list().size(), 2U);
    EXPECT_EQ(document["weights_sha256"].as_string().size(), 64U);
    EXPECT_EQ(shell_.run("cornu evaluate " + run + " digits").status, 0);
  }
}

// As `timeout -s INT` sends it: to the process, and to its group, to which the process belongs.
TEST_F(Signals, ASignalThatComesTwiceStopsItOnce) {
  for (int i = 0; i < 3; ++i) {
    const std::string run = "run" + std::to_string(i);
    Running training(shell_.file(run));
    ASSERT_TRUE(training.says("Epoch 2/"));
    for (int each = 0; each < 20; ++each) training.send(SIGINT);
    EXPECT_EQ(training.status(), 130);
    EXPECT_THAT(shell_.text(run + "/run.json"), HasSubstr("\"status\": \"interrupted\""));
  }
}

TEST_F(Signals, ARunUnderNohupOutlivesTheTerminal) {
  Running training(shell_.file("run"), "nohup");
  ASSERT_TRUE(training.says("Epoch 2/"));
  training.send(SIGHUP);
  ASSERT_TRUE(training.says("Epoch 20/"));
  training.send(SIGTERM);
  EXPECT_EQ(training.status(), 143);
}

// As when a window is closed or a connection lost: writing to the terminal fails, and SIGHUP comes.
TEST_F(Signals, SavesTheModelWhenItsTerminalIsClosed) {
  int terminal = -1;
  const pid_t process = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(process, 0);
  if (process == 0) {
    const std::string run = shell_.file("run");
    ::execl(kCommand, kCommand, "train", "digits", "--epochs", "1000000", "--out", run.c_str(),
            nullptr);
    ::_exit(127);
  }
  std::string said;
  char some[4096];
  while (said.find("Epoch 2/") == std::string::npos) {
    const ssize_t count = ::read(terminal, some, sizeof some);
    ASSERT_GT(count, 0) << said;
    said.append(some, static_cast<size_t>(count));
  }
  ::close(terminal);
  int status = 0;
  ::waitpid(process, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 129);
  EXPECT_THAT(shell_.text("run/run.json"), HasSubstr("\"status\": \"interrupted\""));
  EXPECT_EQ(shell_.run("cornu evaluate run digits").status, 0);
}

}  // namespace signals_test
}  // namespace cornu::inline v0
