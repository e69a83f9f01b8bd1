#pragma once

#include <exception>
#include <utility>

#include "bindings.h"
#include "cornu/core/stop.h"

namespace cornu::python {

/// A run of a model on this thread. Python arithmetic inside a step cannot throw, since other
/// members of the team would wait for this one: its first exception is kept here, requests a stop,
/// and leaves the run when its step is done.
class Run {
 public:
  explicit Run(const StopToken* stop = nullptr) : stop_(stop), outer_(now()) { now() = this; }
  ~Run() { now() = outer_; }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// The innermost run of this thread, or null.
  static Run*& now() {
    static thread_local Run* innermost = nullptr;
    return innermost;
  }
  bool failed() const { return failure_ != nullptr; }
  void fail(std::exception_ptr failure) {
    if (failed()) return;
    failure_ = std::move(failure);
    if (stop_ != nullptr) stop_->request_stop();
  }
  void rethrow() {
    if (failed()) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  const StopToken* stop_;
  Run* outer_;
  std::exception_ptr failure_;
};

/// Calls f without the GIL; what Python arithmetic in it raised takes precedence over other errors.
template <class F>
void run_without_gil(const StopToken* stop, const F& f) {
  Run run(stop);
  {
    const nb::gil_scoped_release released;
    try {
      f();
    } catch (...) {
      if (!run.failed()) throw;
    }
  }
  run.rethrow();
}

}  // namespace cornu::python
