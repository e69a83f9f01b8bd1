#pragma once

#include <csignal>

#include "cornu/core/stop.h"

namespace cornu::inline v0::cli {

/// Connects SIGINT and SIGTERM to a StopToken as long as it lives: the first asks the work to end
/// after its step, the second ends the process at once. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const StopToken& token() const { return token_; }
  /// 130 or 143, by the signal that came; 0 while none has.
  int exit_status() const;

 private:
  StopToken token_;
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

}  // namespace cornu::inline v0::cli
