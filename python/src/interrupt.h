#pragma once

#include <csignal>

#include "bindings.h"
#include "cornu/core/stop.h"

namespace cornu::python {

/// While it lives, Ctrl-C also requests a stop of a run (fit, evaluate, predict), so that it ends
/// after its present step. Python's own handler is called as well; it raises KeyboardInterrupt once
/// the run has returned.
/// Only on the main thread, where Python handles signals, and only where Ctrl-C is not ignored.
class Interrupt {
 public:
  /// When Python's handler is called: at once, so that it also ends a hook in Python, or when this
  /// ends. A second Ctrl-C calls it at once.
  enum class Raised { at_once, later };
  Interrupt(const StopToken& stop, bool is_main_thread, Raised raised = Raised::at_once);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

 private:
  bool active_ = false;
  const StopToken* outer_ = nullptr;  ///< of a run within which this one is
  bool outer_waits_ = false;
  bool is_later_ = false;
  struct sigaction before_ = {};
};

/// What f returns, which calls Python and must not be cut short by Ctrl-C: the KeyboardInterrupt is
/// raised later, by the next code in Python. With the GIL.
template <class F>
nb::object before_interrupt(const F& f) {
  bool interrupted = false;
  for (int tries = 2;; --tries) {
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      nb::object result = f();
      if (interrupted) PyErr_SetInterrupt();
      return result;
    } catch (const nb::python_error& error) {
      if (tries == 0 || !error.matches(PyExc_KeyboardInterrupt)) throw;
      interrupted = true;
    }
  }
}

}  // namespace cornu::python
