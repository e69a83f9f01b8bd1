#include "cornu/cli/stop_signals.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cornu::inline v0::cli {
namespace {

constexpr int kSignalStatus = 128;

volatile std::sig_atomic_t received_signal = 0;
const StopToken* stop_on_signal = nullptr;

void stop_or_end(int signal) {
  const int error = errno;
  if (received_signal != 0) ::_exit(kSignalStatus + signal);
  received_signal = signal;
  stop_on_signal->request_stop();
  constexpr char kSaid[] = "\ncornu: stopping after this step; once more to end at once\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kSaid, std::strlen(kSaid));
  errno = error;
}

}  // namespace

StopSignals::StopSignals() {
  received_signal = 0;
  stop_on_signal = &token_;
  struct sigaction action {};
  action.sa_handler = stop_or_end;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &interrupt_);
  sigaction(SIGTERM, &action, &terminate_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
}

int StopSignals::exit_status() const {
  return received_signal == 0 ? 0 : kSignalStatus + static_cast<int>(received_signal);
}

}  // namespace cornu::inline v0::cli
