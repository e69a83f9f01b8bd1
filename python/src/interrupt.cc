#include "interrupt.h"

#include <atomic>

namespace cornu::python {
namespace {

std::atomic<const StopToken*> running = nullptr;
std::atomic<void (*)(int)> handler_of_python = nullptr;

extern "C" void stop_running_fit(int signal) {
  if (const StopToken* const stop = running) stop->request_stop();
  if (void (*const handle)(int) = handler_of_python) handle(signal);
}

}  // namespace

Interrupt::Interrupt(const StopToken& stop, bool is_main_thread) : active_(is_main_thread) {
  if (!active_) return;
  outer_ = running.exchange(&stop);
  struct sigaction ours = {};
  ours.sa_handler = stop_running_fit;
  sigemptyset(&ours.sa_mask);
  sigaction(SIGINT, nullptr, &before_);
  if (before_.sa_handler != stop_running_fit) {
    const bool is_function = before_.sa_handler != SIG_DFL && before_.sa_handler != SIG_IGN;
    handler_of_python = is_function ? before_.sa_handler : nullptr;
  }
  sigaction(SIGINT, &ours, nullptr);
}

Interrupt::~Interrupt() {
  if (!active_) return;
  sigaction(SIGINT, &before_, nullptr);
  running = outer_;
}

}  // namespace cornu::python
