#pragma once

// The steps of a run as the members of a team go through them.

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>

#include "cornu/plan/executor.h"
#include "cornu/plan/share.h"

namespace cornu::inline v0 {

/// The steps of a run: one member asks for each step two steps ahead, all members gather it one
/// step ahead. An exception is kept until every member is done.
class Pipeline {
 public:
  explicit Pipeline(Steps& steps) : steps_(steps) {}

  const Step& at(int64_t step) const { return ring_[static_cast<size_t>(step % 4)]; }

  /// Whether the run has this step; ask_for() comes first. All members get the same answer, since a
  /// member ends a run before a barrier that all others have yet to pass.
  bool has(int64_t step) const {
    return step < end_.load(std::memory_order_relaxed) && at(step).batch != nullptr;
  }

  /// Asks for the steps up to and including `step`, once each.
  void ask_for(int64_t step) {
    for (; asked_ <= step; ++asked_) {
      Step& next = ring_[static_cast<size_t>(asked_ % 4)];
      next = {};
      guard(asked_, [&] { next = steps_.next(); });
    }
  }

  /// False if the rows are missing because of an exception, here or in another member.
  bool gather(int64_t step, const Range& rows) {
    bool gathered = false;
    guard(step, [&] {
      if (rows.size() > 0) steps_.gather(at(step), rows.begin, rows.end);
      gathered = true;
    });
    return gathered;
  }

  /// Calls f, a part of a step, unless there was an exception before. In either case the member
  /// passes the barriers of its step, as the others wait for it there.
  template <class F>
  void carry_out(int64_t step, const F& f) {
    // The others may have begun the next step.
    guard(step + 2, f);
  }

  void done(int64_t step) {
    guard(step + 2, [&] { steps_.done(at(step)); });
  }

  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  // Calls f unless there was an exception before; an exception from f ends the run before `end`.
  template <class F>
  void guard(int64_t end, const F& f) {
    if (has_failed_.load(std::memory_order_relaxed)) return;
    try {
      f();
    } catch (...) {
      if (has_failed_.exchange(true, std::memory_order_relaxed)) return;
      thrown_ = std::current_exception();
      end_.store(end, std::memory_order_relaxed);
    }
  }

  Steps& steps_;
  std::array<Step, 4> ring_;
  int64_t asked_ = 0;
  std::atomic<int64_t> end_ = std::numeric_limits<int64_t>::max();
  std::atomic<bool> has_failed_ = false;
  std::exception_ptr thrown_;
};

/// Consecutive steps that the same number of members run.
class Segment {
 public:
  /// From step `begin` on. `is_change`: whether the step before ran on another number.
  Segment(int64_t begin, bool is_change) : begin_(begin), is_change_(is_change), reached_(begin) {}

  int64_t begin() const { return begin_; }
  bool is_change() const { return is_change_; }
  /// The segment ends before this step.
  int64_t end() const { return end_.load(std::memory_order_relaxed); }
  void end_before(int64_t step) { end_.store(step, std::memory_order_relaxed); }
  bool is_ending() const { return end() != std::numeric_limits<int64_t>::max(); }

  /// Notes that the first member has run a step.
  void ran(int64_t step) { reached_ = step + 1; }
  /// The first step that has not been run.
  int64_t reached() const { return reached_; }
  /// Postpones the report of the last step until all members have stored their columns.
  void report_later(int64_t step) { unreported_ = step; }
  std::optional<int64_t> unreported() const { return unreported_; }

 private:
  const int64_t begin_;
  const bool is_change_;
  std::atomic<int64_t> end_ = std::numeric_limits<int64_t>::max();
  int64_t reached_;
  std::optional<int64_t> unreported_;
};

}  // namespace cornu::inline v0
