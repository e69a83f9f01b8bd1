#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "cornu/cli/train_options.h"
#include "cornu/core/communicator.h"

namespace cornu::inline v0::cli {

/// An error that another process tells of: this one ends without a word, with status 1.
struct ToldElsewhere {};

/// The processes that train together: those that a launcher of MPI started, or this one alone.
class Processes {
 public:
  /// Joins the others if a launcher started several, or `--distribute mpi` is given. Error where
  /// that cannot be.
  explicit Processes(const TrainOptions& options);

  bool is_first() const { return !communicator_ || communicator_->rank() == 0; }
  /// Null if this one is alone.
  const std::shared_ptr<Communicator>& communicator() const { return communicator_; }

  /// Error unless each of them can have as many of a batch's shards.
  void require_divide(int64_t shards) const;
  /// Calls f in each process, and returns its result when all have. If some throw, the first of
  /// those ends with its exception, and the others with ToldElsewhere.
  template <class F>
  auto together(const F& f) const {
    if (!communicator_) return f();
    std::optional<decltype(f())> result;
    std::exception_ptr failed;
    try {
      result.emplace(f());
    } catch (...) {
      failed = std::current_exception();
    }
    require_all(failed);
    return *std::move(result);
  }
  /// The threads of this one: as many as it would have alone, divided by the processes that may use
  /// the same CPUs.
  int threads() const;
  /// The text of one of them.
  std::string text_of(int rank, std::string text) const;
  /// After a fit: lets the first one tell of a process that the others waited for. `seconds` are
  /// those that each has computed.
  void tell_of_slow_one(std::span<const double> seconds) const;
  /// Lets the first process, if it has the same error, tell of it alone.
  void let_first_tell() const;

 private:
  void require_all(const std::exception_ptr& failed) const;

  std::shared_ptr<Communicator> communicator_;
};

/// The options of one of the processes: those that are not the first print nothing, and they share
/// the CPUs.
TrainOptions of_process(TrainOptions options, const Processes& processes);

}  // namespace cornu::inline v0::cli
