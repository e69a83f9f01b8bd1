#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "cornu/core/communicator.h"
#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Processes whose messages travel while the caller computes: a thread of its own carries out what
/// was begun, in order. The communicator behind it is still used by one thread at a time.
class CORNU_API BackgroundExchanges final : public Communicator {
 public:
  explicit BackgroundExchanges(std::shared_ptr<Communicator> all) : all_(std::move(all)) {}
  /// Waits for messages under way, whose memory may not be given back before.
  ~BackgroundExchanges() override;

  int rank() const override { return all_->rank(); }
  int size() const override { return all_->size(); }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    finish();
    all_->exchange(out, in);
  }
  void begin(std::span<const Outgoing> out, std::span<const Incoming> in) override;
  void finish() override;
  void abort(int status) override { all_->abort(status); }

 private:
  struct Messages {
    std::vector<Outgoing> out;
    std::vector<Incoming> in;
  };

  void live();

  const std::shared_ptr<Communicator> all_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Messages> begun_;  ///< the first is under way
  std::exception_ptr failed_;
  bool ends_ = false;
  std::thread thread_;  ///< from the first use on
};

}  // namespace cornu::inline v0
