#include "cornu/plan/elastic.h"

#include <algorithm>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

// A window holds several time slices of a scheduler, 1 to 4 ms each, so that every window shows a
// member that gets its CPU only half of the time. The first decision comes early.
constexpr double kWindow = 8e-3;
constexpr int64_t kFirstSteps = 32;

// Trials are as short as possible. Fewer members show their effect at once; a member that is woken
// first gets a whole time slice, so trials of more members last longer.
constexpr double kFewerWindow = 4e-3;
constexpr int64_t kFewerSteps = 16;
constexpr double kMoreWindow = 5e-3;
// A trial of more members ends at a step that takes this many times as long as before.
constexpr double kStalled = 3;
constexpr double kShortestStall = 0.5e-3;

// The gains required. A number of members whose time is known is chosen only if it is clearly
// faster, since windows differ by some percent; a trial is compared with the window just before it.
constexpr double kKnown = 1.1;
constexpr double kPromising = 0.95;
constexpr double kFaster = 0.97;
// A failed trial is repeated at once if steps now take this many times as long as then.
constexpr double kWorse = 1.3;

constexpr double kFirstFewerPause = 0.1, kLongestFewerPause = 0.8;
constexpr double kFirstMorePause = 0.005;
// After a successful trial of more members the next one comes soon.
constexpr double kNextMorePause = 0.005;
// The pause between trials, in steps. A trial takes three steps, as the next two are under way when
// it is decided: so trials stay a small part of the time even if steps are long.
constexpr double kPauseSteps = 25;
// If no member waits for long, fewer members are seldom faster, and are tried less often.
constexpr double kPauseStepsUnpromising = 200;

}  // namespace

Elastic::Elastic(int most) : members_(most), waited_(static_cast<size_t>(most)) {
  // All members, one fewer, then a quarter fewer each time; from 4 members down, every number.
  for (int members = most; members >= 1;) {
    rungs_.push_back({.members = members});
    members = members <= 4 || members == most ? members - 1 : members - members / 4;
  }
}

bool Elastic::step(double now) {
  const double step = now - last_;
  last_ = now;
  elapsed_ += step;
  longest_ = std::max(longest_, step);
  ++steps_;
  if (!trying_) return elapsed_ >= kWindow || (!decided_ && steps_ >= kFirstSteps);
  if (rung_ > from_) return steps_ >= kFewerSteps || elapsed_ >= kFewerWindow;
  return elapsed_ >= kMoreWindow || is_stalled();
}

// Whether a step of this window took so long that a member must have been away from its CPU.
bool Elastic::is_stalled() const {
  const double usual = trying_ ? from_step_ : rungs_[rung_].step;
  return longest_ > std::max(kStalled * usual, kShortestStall);
}

bool Elastic::decide(std::span<const double> waited) {
  const double step = elapsed_ / static_cast<double>(steps_);
  const bool stalled = is_stalled();
  const double waiting = std::clamp(longest_wait(waited) / elapsed_, 0.0, 1.0);
  std::ranges::copy(waited.first(waited_.size()), waited_.begin());
  elapsed_ = longest_ = 0;
  steps_ = 0;
  decided_ = true;
  rungs_[rung_].step = step;
  return trying_ ? end_trial(step, stalled) : steady(step, waiting);
}

// The longest wait of a member that ran, in this window.
double Elastic::longest_wait(std::span<const double> waited) const {
  double longest = 0;
  for (size_t i = 0; i < static_cast<size_t>(members_); ++i) {
    longest = std::max(longest, waited[i] - waited_[i]);
  }
  return longest;
}

bool Elastic::steady(double step, double waited) {
  for (size_t rung = rung_ + 1; rung < rungs_.size(); ++rung) {
    const double known = rungs_[rung].step;
    if (known == 0 || step < kKnown * known) continue;
    keep(rung, {members_, rungs_[rung].members, step, known, waited});
    pause_more(kFirstMorePause);
    return true;
  }
  if (rung_ + 1 < rungs_.size() && (last_ >= next_fewer_ || step > kWorse * failed_step_)) {
    is_promising_ = promises(rung_ + 1, step, waited);
    try_rung(is_promising_ ? rung_ + 1 : half(), step, waited);
    return true;
  }
  if (rung_ > 0 && last_ >= next_more_) {
    try_rung(rung_to_probe(), step, waited);
    return true;
  }
  return false;
}

// Whether fewer members, each as busy as the busiest is now, would be faster.
bool Elastic::promises(size_t rung, double step, double waited) const {
  const double busy = step * (1 - waited);
  return busy * members_ / rungs_[rung].members < kPromising * step;
}

// The rung of half as many members.
size_t Elastic::half() const {
  size_t rung = rung_ + 1;
  while (rung + 1 < rungs_.size() && 2 * rungs_[rung].members > members_) ++rung;
  return rung;
}

void Elastic::try_rung(size_t rung, double step, double waited) {
  trying_ = true;
  from_ = rung_;
  from_step_ = step;
  from_waited_ = waited;
  go_to(rung);
}

bool Elastic::end_trial(double step, bool stalled) {
  const bool is_fewer = rung_ > from_;
  const TeamUse::Change change{rungs_[from_].members, members_, from_step_, step, from_waited_};
  if (step < kFaster * from_step_) {
    trying_ = false;
    keep(rung_, change);
    pause_more(!is_fewer ? kNextMorePause : is_promising_ ? kFirstMorePause : kFirstFewerPause);
    fewer_pause_ = failed_step_ = 0;
    probe_all_ = true;
    return false;  // that number runs already
  }
  if (is_fewer && is_promising_ && rung_ + 1 < rungs_.size()) {
    // Even fewer may be faster.
    const double busy = from_step_ * (1 - from_waited_) * rungs_[from_].members;
    if (busy / rungs_[rung_ + 1].members < kPromising * from_step_) {
      go_to(rung_ + 1);
      return true;
    }
  }
  trying_ = false;
  if (is_fewer) {
    failed_step_ = from_step_;
    fewer_pause_ = std::clamp(2 * fewer_pause_, kFirstFewerPause, kLongestFewerPause);
    const double steps = is_promising_ ? kPauseSteps : kPauseStepsUnpromising;
    next_fewer_ = last_ + std::max(fewer_pause_, steps * from_step_);
  } else {
    // A disturbance may end at any time: try again soon. Without one, more members are just slower.
    const double longest = stalled ? kProbe : kLongestFewerPause;
    pause_more(std::clamp(2 * more_pause_, kFirstMorePause, longest));
  }
  go_to(from_);
  return true;
}

// In turn: all members, since a disturbance may have ended, and one rung up, since a part of it may
// have ended.
size_t Elastic::rung_to_probe() {
  const size_t rung = probe_all_ ? 0 : rung_ - 1;
  probe_all_ = !probe_all_;
  return rung;
}

void Elastic::keep(size_t rung, TeamUse::Change change) {
  ++changes_;
  last_change_ = change;
  go_to(rung);
}

void Elastic::pause_more(double seconds) {
  more_pause_ = seconds;
  next_more_ = last_ + std::max(more_pause_, kPauseSteps * rungs_[rung_].step);
}

void Elastic::go_to(size_t rung) {
  rung_ = rung;
  members_ = rungs_[rung].members;
}

MemberCount::MemberCount(Sizing sizing, int most)
    : sizing_(most == 1 ? Sizing::fixed : sizing),
      most_(most),
      now_(most),
      steps_(static_cast<size_t>(most)) {
  if (sizing_ == Sizing::elastic) elastic_.emplace(most);
}

bool MemberCount::step(int members, double seconds) {
  ++steps_[static_cast<size_t>(members - 1)];
  if (sizing_ == Sizing::drawn) now_ = 1 + static_cast<int>(mix(most_, ++drawn_) % most_);
  // A step that ran alone because the team was busy says nothing about the team.
  return elastic_ && members == now_ && elastic_->step(seconds);
}

bool MemberCount::decide(std::span<const double> waited) {
  const bool changed = elastic_->decide(waited);
  now_ = elastic_->members();
  return changed;
}

TeamUse MemberCount::use() const {
  TeamUse use{.elastic = elastic_.has_value(), .steps = steps_};
  if (elastic_) {
    use.changes = elastic_->changes();
    use.last = elastic_->last_change();
  }
  return use;
}

}  // namespace cornu::inline v0
