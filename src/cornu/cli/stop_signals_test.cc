#include "cornu/cli/stop_signals.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

namespace cornu::inline v0::cli {
namespace stop_signals_test {

// The exit status of a separate process that runs `work`, or minus the signal that ended it.
int status_of(const std::function<int()>& work) {
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(STDERR_FILENO);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// The status of a run that a signal has stopped, or 1 without a signal.
int saved(const StopSignals& signals) {
  return signals.token().stop_requested() ? signals.exit_status() : 1;
}

TEST(StopSignals, EachOfThemAsksForAnEndAfterTheStep) {
  for (const auto& [signal, status] :
       {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
    EXPECT_EQ(status_of([signal = signal] {
                const StopSignals signals;
                ::raise(signal);
                return saved(signals);
              }),
              status);
  }
}

TEST(StopSignals, ThoseThatComeTogetherAreOneRequest) {
  EXPECT_EQ(status_of([] {
              const StopSignals signals;
              for (int signal : {SIGINT, SIGINT, SIGHUP, SIGTERM}) ::raise(signal);
              return saved(signals);
            }),
            130);
}

TEST(StopSignals, OneThatComesLaterEndsTheProcessAtOnce) {
  EXPECT_EQ(status_of([] {
              const StopSignals signals;
              ::raise(SIGTERM);
              std::this_thread::sleep_for(std::chrono::milliseconds(1100));
              ::raise(SIGINT);
              return 1;
            }),
            130);
}

TEST(StopSignals, AHangUpThatIsIgnoredStaysIgnored) {
  EXPECT_EQ(status_of([] {
              ::signal(SIGHUP, SIG_IGN);
              {
                const StopSignals signals;
                ::raise(SIGHUP);
                if (signals.token().stop_requested()) return 1;
              }
              ::raise(SIGHUP);
              return 0;
            }),
            0);
}

TEST(StopSignals, OneOfSeveralProcessesTells) {
  testing::internal::CaptureStderr();
  {
    const StopSignals signals(false);
    std::raise(SIGTERM);
    EXPECT_TRUE(signals.token().stop_requested());
    EXPECT_EQ(signals.exit_status(), 143);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(StopSignals, RestoresTheFormerHandlers) {
  EXPECT_EQ(status_of([] {
              { const StopSignals signals; }
              ::raise(SIGHUP);
              return 1;
            }),
            -SIGHUP);
}

}  // namespace stop_signals_test
}  // namespace cornu::inline v0::cli
