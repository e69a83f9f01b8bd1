#include "cornu/plan/elastic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace cornu::inline v0 {
namespace elastic_test {

/// The seconds that a step takes on a number of members, and the longest wait of a member in it.
struct StepTime {
  double seconds, waited;
};
using Machine = std::function<StepTime(int members, double now)>;

/// Simulates a machine, and a team that is sized as in an executor: with one member running, a
/// change takes effect at the next step; with several, at the third.
class Simulation {
 public:
  Simulation(int most, Machine machine)
      : machine_(std::move(machine)),
        elastic_(most),
        running_(most),
        waited_(static_cast<size_t>(most)) {}

  void run_until(double end) {
    while (now_ < end) step();
  }
  void run_steps(int64_t count) {
    for (int64_t i = 0; i < count; ++i) step();
  }

  double now() const { return now_; }
  int running() const { return running_; }
  int64_t steps() const { return steps_; }
  int64_t changes() const { return changes_; }
  int64_t first_change() const { return first_change_; }

 private:
  void step() {
    const StepTime took = machine_(running_, now_);
    now_ += took.seconds;
    ++steps_;
    waited_[0] += running_ > 1 ? took.waited : 0;
    if (left_ > 0) {
      if (--left_ == 0) change();
      return;
    }
    if (!elastic_.step(now_) || !elastic_.decide(waited_)) return;
    left_ = running_ == 1 ? 0 : 2;
    if (left_ == 0) change();
  }

  void change() {
    running_ = elastic_.members();
    ++changes_;
    if (first_change_ == 0) first_change_ = steps_;
    elastic_.begin(now_);
  }

  Machine machine_;
  Elastic elastic_;
  int running_;
  std::vector<double> waited_;
  double now_ = 0;
  int64_t steps_ = 0, changes_ = 0, first_change_ = 0;
  int left_ = 0;
};

constexpr double kTurn = 3e-3;  // time slice of a scheduler

// The tutorial's network on two free CPUs.
StepTime quiet(int members, double) {
  return members == 1 ? StepTime{120e-6, 0} : StepTime{88e-6, 9e-6};
}

// Another process has one of two CPUs for every second time slice; one member uses the free one.
StepTime disturbed(int members, double now) {
  StepTime step = quiet(members, now);
  if (members == 1) return step;
  const double into = std::fmod(now, 2 * kTurn);
  if (into + step.seconds > kTurn) {
    const double stall = 2 * kTurn - into;
    step.seconds += stall;
    step.waited += stall;
  }
  return step;
}

// Seconds that `steps` steps of `members` take from `now` on.
double fixed(const Machine& machine, int members, int64_t steps) {
  double now = 0;
  for (int64_t i = 0; i < steps; ++i) now += machine(members, now).seconds;
  return now;
}

TEST(Elastic, AllMembersRunOnAQuietMachine) {
  Simulation all(2, quiet);
  all.run_steps(5000);
  EXPECT_LE(all.now(), 1.01 * fixed(quiet, 2, 5000));
  EXPECT_EQ(all.running(), 2);
}

TEST(Elastic, FewerMembersRunWhereOneWaitsForAnotherProcess) {
  Simulation shared(2, disturbed);
  shared.run_steps(5000);
  EXPECT_LE(shared.first_change(), 80);
  EXPECT_LE(shared.now(), 1.08 * fixed(disturbed, 1, 5000));
  // It was worth it: all members would have taken far longer.
  EXPECT_GE(fixed(disturbed, 2, 5000), 1.4 * fixed(disturbed, 1, 5000));
}

TEST(Elastic, ADisturbanceIsFollowedWhenItBeginsAndWhenItEnds) {
  const auto machine = [](int members, double now) {
    return now >= 1 && now < 2 ? disturbed(members, now) : quiet(members, now);
  };
  Simulation followed(2, machine);
  followed.run_until(1);
  EXPECT_EQ(followed.running(), 2);
  followed.run_until(1.1);
  EXPECT_EQ(followed.running(), 1);
  // Nearly as many steps as with the best choice for each part.
  const int64_t before = followed.steps();
  followed.run_until(2);
  EXPECT_GE(static_cast<double>(followed.steps() - before), 0.9 / 120e-6 / 1.15);
  int64_t steps = followed.steps();
  followed.run_until(2.1);
  EXPECT_EQ(followed.running(), 2);
  steps = followed.steps();
  followed.run_until(3);
  EXPECT_GE(static_cast<double>(followed.steps() - steps), 0.9 / 88e-6 / 1.02);
}

TEST(Elastic, ASingleStallChangesLittle) {
  // Every 200 ms something takes a CPU for one time slice.
  const auto machine = [](int members, double now) {
    StepTime step = quiet(members, now);
    if (std::fmod(now, 0.2) + step.seconds > 0.2) step = {step.seconds + kTurn, kTurn};
    return step;
  };
  Simulation stalled(2, machine);
  stalled.run_steps(20'000);
  EXPECT_LE(stalled.now(), 1.05 * fixed(machine, 2, 20'000));
}

TEST(Elastic, AnUnevenNetworkKeepsItsMembersWhereFewerWouldBeSlower) {
  // The second member has little to do and waits for most of a step, on a quiet machine.
  const auto machine = [](int members, double) {
    return members == 1 ? StepTime{100e-6, 0} : StepTime{85e-6, 60e-6};
  };
  Simulation uneven(2, machine);
  uneven.run_steps(50'000);
  EXPECT_LE(uneven.now(), 1.02 * fixed(machine, 2, 50'000));
}

TEST(Elastic, ANetworkThatGainsNothingRunsOnFewer) {
  const auto machine = [](int members, double) {
    return members == 1 ? StepTime{100e-6, 0} : StepTime{150e-6, 110e-6};
  };
  Simulation alone(2, machine);
  alone.run_steps(20'000);
  EXPECT_LE(alone.now(), 1.05 * fixed(machine, 1, 20'000));
}

TEST(Elastic, OneMemberRunsWhereCommunicationCostsMoreThanItSaves) {
  // No member waits for long, yet one alone is faster.
  const auto machine = [](int members, double) {
    return members == 1 ? StepTime{84e-6, 0} : StepTime{98e-6, 8e-6};
  };
  Simulation far(2, machine);
  far.run_steps(5000);
  EXPECT_EQ(far.running(), 1);
  EXPECT_LE(far.now(), 1.01 * fixed(machine, 1, 5000));
}

TEST(Elastic, LongStepsAreDecidedAboutStepByStep) {
  // A step takes 20 ms on two members, and twice as long when another process comes.
  const auto machine = [](int members, double now) {
    if (members == 1) return StepTime{30e-3, 0};
    return now < 1 ? StepTime{20e-3, 1e-3} : StepTime{41e-3, 22e-3};
  };
  Simulation slow(2, machine);
  slow.run_until(1);
  EXPECT_EQ(slow.running(), 2);
  const int64_t steps = slow.steps();
  slow.run_until(5);
  EXPECT_GE(static_cast<double>(slow.steps() - steps), 4 / 30e-3 / 1.1);
}

TEST(Elastic, OfManyMembersAsManyRunAsThereAreFreeCpus) {
  // Eight CPUs, of which other processes take `taken` for every second time slice.
  for (const int taken : {1, 3}) {
    const auto machine = [taken](int members, double now) {
      StepTime step{400e-6 / members + 20e-6, 10e-6};
      if (members <= 8 - taken) return step;
      const double into = std::fmod(now, 2 * kTurn);
      if (into + step.seconds > kTurn) step = {2 * kTurn - into + step.seconds, 2 * kTurn - into};
      return step;
    };
    Simulation many(8, machine);
    many.run_until(1);
    const int64_t steps = many.steps();
    many.run_until(3);
    const double best = 400e-6 / (8 - taken) + 20e-6;
    EXPECT_GE(static_cast<double>(many.steps() - steps), 2 / best / 1.4) << taken << " taken";
  }
}

TEST(MemberCount, IsFixedElasticOrDrawn) {
  MemberCount fixed_count(Sizing::fixed, 3);
  MemberCount elastic(Sizing::elastic, 3);
  MemberCount drawn(Sizing::drawn, 3);
  EXPECT_FALSE(fixed_count.is_timed());
  EXPECT_TRUE(elastic.is_timed());
  EXPECT_FALSE(drawn.is_timed());
  EXPECT_TRUE(drawn.changes_every_step());
  std::vector<int> seen(4);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(fixed_count.now(), 3);
    ++seen[static_cast<size_t>(drawn.now())];
    fixed_count.step(3, 0);
    drawn.step(drawn.now(), 0);
  }
  EXPECT_EQ(fixed_count.use().steps, (std::vector<int64_t>{0, 0, 100}));
  for (int members : {1, 2, 3}) EXPECT_GT(seen[static_cast<size_t>(members)], 20);
  EXPECT_EQ(fixed_count.use().text(), "3 threads, as requested");
  EXPECT_EQ(fixed_count.use().members(), 3);
  // One member leaves nothing to decide.
  EXPECT_FALSE(MemberCount(Sizing::elastic, 1).is_timed());
}

}  // namespace elastic_test
}  // namespace cornu::inline v0
