#pragma once

#include <array>
#include <csignal>

#include "cornu/core/stop.h"

namespace cornu::inline v0::cli {

/// Connects SIGINT, SIGTERM and SIGHUP (unless that is ignored, as by nohup) to a StopToken as long
/// as it lives: the first asks the work to end after its step; another within a second counts as
/// the same request, a later one ends the process at once. One object at a time.
class StopSignals {
 public:
  /// With `tells`, standard error is told of the first signal.
  explicit StopSignals(bool tells = true);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const StopToken& token() const { return token_; }
  /// 129, 130 or 143, by the signal received; 0 before any.
  int exit_status() const;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

  StopToken token_;
  std::array<struct sigaction, kSignals.size()> before_ = {};
};

}  // namespace cornu::inline v0::cli
