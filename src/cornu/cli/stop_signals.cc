#include "cornu/cli/stop_signals.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace cornu::inline v0::cli {
namespace {

constexpr int kSignalStatus = 128;

// One request may arrive as several signals: timeout sends its own to the process and to the
// process's group, a closed terminal SIGHUP from the shell and from the system.
constexpr double kSameRequest = 1;

volatile std::sig_atomic_t received_signal = 0;
double received_at = 0;
const StopToken* stop_on_signal = nullptr;
bool tells_of_stop = true;

double now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void stop_or_end(int signal) {
  const int error = errno;
  if (received_signal != 0) {
    if (now() - received_at > kSameRequest) ::_exit(kSignalStatus + signal);
    errno = error;
    return;
  }
  received_signal = signal;
  received_at = now();
  stop_on_signal->request_stop();
  constexpr char kSaid[] =
      "\ncornu: stopping after this step to save the model; once more, a second from now, ends it "
      "at once\n";
  if (tells_of_stop) {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kSaid, std::strlen(kSaid));
  }
  errno = error;
}

}  // namespace

StopSignals::StopSignals(bool tells) {
  received_signal = 0;
  tells_of_stop = tells;
  stop_on_signal = &token_;
  struct sigaction action {};
  action.sa_handler = stop_or_end;
  action.sa_flags = SA_RESTART;
  // Other signals wait while one is handled: the handler reads the time of the one before.
  sigemptyset(&action.sa_mask);
  for (int signal : kSignals) sigaddset(&action.sa_mask, signal);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    // Ignored as by nohup: the run is meant to outlive the terminal.
    if (kSignals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN) continue;
    sigaction(kSignals[i], &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
}

int StopSignals::exit_status() const {
  return received_signal == 0 ? 0 : kSignalStatus + static_cast<int>(received_signal);
}

}  // namespace cornu::inline v0::cli
