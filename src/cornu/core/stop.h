#pragma once

#include <atomic>
#include <memory>

namespace cornu::inline v0 {

/// Asks a long call to end after its present step; may be set from another thread or from a
/// signal handler. Copies share one flag. Several threads may use a token and its copies at once.
class StopToken {
 public:
  StopToken() = default;
  // No move operations: a move copies, and its source stays valid.
  StopToken(const StopToken&) = default;
  StopToken& operator=(const StopToken&) = default;
  void request_stop() const noexcept { flag_->store(true, std::memory_order_relaxed); }
  bool stop_requested() const noexcept { return flag_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace cornu::inline v0
