#include "interrupt.h"

#include <atomic>

namespace cornu::python {
namespace {

std::atomic<const StopToken*> running = nullptr;
std::atomic<void (*)(int)> handler_of_python = nullptr;
// Whether the next Ctrl-C is kept for the end of the present run, and whether one is.
std::atomic<bool> waits = false, is_kept = false;

extern "C" void stop_present_run(int signal) {
  if (const StopToken* const stop = running) stop->request_stop();
  if (waits.exchange(false)) {
    is_kept = true;
    return;
  }
  if (void (*const handle)(int) = handler_of_python) handle(signal);
}

bool is_function(void (*handler)(int)) {
  return handler != SIG_DFL && handler != SIG_IGN;
}

}  // namespace

Interrupt::Interrupt(const StopToken& stop, bool is_main_thread, Raised raised) {
  if (!is_main_thread) return;
  sigaction(SIGINT, nullptr, &before_);
  active_ = is_function(before_.sa_handler);
  if (!active_) return;
  if (before_.sa_handler != stop_present_run) handler_of_python = before_.sa_handler;
  outer_ = running.exchange(&stop);
  is_later_ = raised == Raised::later;
  outer_waits_ = waits.exchange(is_later_);
  struct sigaction ours = {};
  ours.sa_handler = stop_present_run;
  sigemptyset(&ours.sa_mask);
  sigaction(SIGINT, &ours, nullptr);
}

Interrupt::~Interrupt() {
  if (!active_) return;
  sigaction(SIGINT, &before_, nullptr);
  running = outer_;
  waits = outer_waits_;
  if (is_later_ && is_kept.exchange(false)) PyErr_SetInterrupt();
}

}  // namespace cornu::python
