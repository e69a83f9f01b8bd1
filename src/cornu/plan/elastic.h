#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cornu/core/export.h"
#include "cornu/core/team.h"
#include "cornu/plan/team_use.h"

namespace cornu::inline v0 {

/// Decides between steps how many members of a team run the next ones, from the time that steps
/// take: a member that shares its CPU with another process makes all others wait.
///
/// Every window of steps ends in a decision. If a member waits so long that fewer members, each as
/// busy as the busiest is now, would be faster, fewer are tried. From time to time half of them are
/// tried without such a sign, since on some machines communication between cores takes more time
/// than it saves. Fewer are kept if their steps are faster. More are tried again soon after, and
/// then every kProbe seconds or every 25 steps, whichever is longer, as long as these trials meet a
/// disturbance: so its end is noticed. Other failed trials are repeated less and less often, or at
/// once if steps have become slower since.
class CORNU_API Elastic {
 public:
  /// The longest time between two trials of more members, in seconds.
  static constexpr double kProbe = 0.07;

  /// For a team of `most` members; all of them run the first steps.
  explicit Elastic(int most);

  /// The number of members for the next steps.
  int members() const { return members_; }
  /// Steps begin, or continue after a pause, at `now` seconds.
  void begin(double now) { last_ = now; }
  /// Counts a step on members() that ended at `now`; true if it is time to decide.
  bool step(double now);
  /// Ends a window of steps. `waited`: seconds that each member has waited in total. True if
  /// members() has changed.
  bool decide(std::span<const double> waited);

  int64_t changes() const { return changes_; }
  const TeamUse::Change& last_change() const { return last_change_; }

 private:
  struct Rung {
    int members;
    double step = 0;  ///< seconds of a step when it last ran; 0: not known
  };

  double longest_wait(std::span<const double> waited) const;
  bool is_stalled() const;
  bool steady(double step, double waited);
  bool end_trial(double step, bool stalled);
  bool promises(size_t rung, double step, double waited) const;
  size_t half() const;
  void try_rung(size_t rung, double step, double waited);
  void keep(size_t rung, TeamUse::Change change);
  void go_to(size_t rung);
  void pause_more(double seconds);
  size_t rung_to_probe();

  std::vector<Rung> rungs_;  ///< the numbers of members that are tried, from most to 1
  size_t rung_ = 0;
  int members_;
  bool decided_ = false;

  double last_ = 0, elapsed_ = 0, longest_ = 0;  ///< seconds of this window
  int64_t steps_ = 0;                            ///< of this window
  std::vector<double> waited_;                   ///< when this window began

  bool trying_ = false;
  bool is_promising_ = false;  ///< whether fewer are tried because of waiting
  size_t from_ = 0;            ///< the rung before a trial
  double from_step_ = 0;       ///< seconds of a step there
  double from_waited_ = 0;     ///< the part of it spent waiting
  bool probe_all_ = true;      ///< whether the next probe is of all members, or of the next rung

  double next_fewer_ = 0, fewer_pause_ = 0;
  double next_more_ = 0, more_pause_ = 0;
  double failed_step_ = 0;  ///< seconds of a step when a trial of fewer failed

  int64_t changes_ = 0;
  TeamUse::Change last_change_;
};

/// The number of members that steps run on, by the team's sizing, and its statistics.
class CORNU_API MemberCount {
 public:
  MemberCount(Sizing sizing, int most);

  /// The number of members for the next steps.
  int now() const { return now_; }
  /// Whether the number changes after every step.
  bool changes_every_step() const { return sizing_ == Sizing::drawn && most_ > 1; }
  /// Whether it needs the times of steps.
  bool is_timed() const { return elastic_.has_value(); }

  void begin(double seconds) {
    if (elastic_) elastic_->begin(seconds);
  }
  /// A step on `members` has ended at `seconds`. True if it is time for decide().
  bool step(int members, double seconds);
  /// `waited`: seconds that each member has waited in total. True if now() has changed.
  bool decide(std::span<const double> waited);

  TeamUse use() const;

 private:
  Sizing sizing_;
  int most_, now_;
  std::optional<Elastic> elastic_;
  uint64_t drawn_ = 0;
  std::vector<int64_t> steps_;
};

}  // namespace cornu::inline v0
