#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "cornu/core/communicator.h"
#include "cornu/core/export.h"

namespace cornu::inline v0 {

/// Processes, and how long this one has waited for messages: while it computes it does not.
class TimedExchanges final : public Communicator {
 public:
  explicit TimedExchanges(std::shared_ptr<Communicator> all) : all_(std::move(all)) {}
  int rank() const override { return all_->rank(); }
  int size() const override { return all_->size(); }
  void exchange(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    timed([&] { all_->exchange(out, in); });
  }
  void begin(std::span<const Outgoing> out, std::span<const Incoming> in) override {
    all_->begin(out, in);
  }
  void finish() override {
    timed([&] { all_->finish(); });
  }
  void abort(int status) override { all_->abort(status); }
  double seconds() const { return seconds_; }

 private:
  template <class Wait>
  void timed(const Wait& wait) {
    const auto begin = std::chrono::steady_clock::now();
    wait();
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  std::shared_ptr<Communicator> all_;
  double seconds_ = 0;
};

/// A process that the others wait for.
struct SlowProcess {
  int rank;
  double factor;   ///< its seconds ÷ the median of the others'
  double seconds;  ///< more than that median
};

/// The process that takes longest, of the seconds that each has computed: if it takes a quarter
/// longer than the median of the others, and a second longer.
CORNU_API std::optional<SlowProcess> slow_process(std::span<const double> seconds);

}  // namespace cornu::inline v0
