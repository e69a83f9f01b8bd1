#pragma once

#include <csignal>

#include "cornu/core/stop.h"

namespace cornu::python {

/// While it lives, Ctrl-C also requests a stop of a run (fit, evaluate, predict), so that it ends
/// after its present step. Python's own handler is called as well; it raises KeyboardInterrupt once
/// the run has returned.
/// Only on the main thread, where Python handles signals, and only where Ctrl-C is not ignored.
class Interrupt {
 public:
  Interrupt(const StopToken& stop, bool is_main_thread);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  bool active_ = false;
  const StopToken* outer_ = nullptr;  ///< of a run within which this one is
  struct sigaction before_ = {};
};

}  // namespace cornu::python
