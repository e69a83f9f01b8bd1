#include "cornu/core/background_exchanges.h"

namespace cornu::inline v0 {

BackgroundExchanges::~BackgroundExchanges() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BackgroundExchanges::begin(std::span<const Outgoing> out, std::span<const Incoming> in) {
  if (!thread_.joinable()) thread_ = std::thread([this] { live(); });
  {
    const std::lock_guard lock(mutex_);
    begun_.push_back({{out.begin(), out.end()}, {in.begin(), in.end()}});
  }
  changed_.notify_all();
}

void BackgroundExchanges::finish() {
  if (!thread_.joinable()) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return begun_.empty(); });
  if (failed_) std::rethrow_exception(failed_);
}

void BackgroundExchanges::live() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !begun_.empty(); });
    if (begun_.empty()) return;
    const Messages& next = begun_.front();
    // Nobody answers after a failure.
    if (!failed_) {
      lock.unlock();
      std::exception_ptr failed;
      try {
        all_->exchange(next.out, next.in);
      } catch (...) {
        failed = std::current_exception();
      }
      lock.lock();
      failed_ = failed;
    }
    begun_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace cornu::inline v0
