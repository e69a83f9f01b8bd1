#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <stdexcept>

#include "cornu/plan/executor.h"
#include "cornu/plan/measure.h"
#include "cornu/plan/plans_test.h"

namespace cornu::inline v0 {
namespace steps_test {

/// The tutorial's small plan and the memory of its weights.
struct Runner {
  explicit Runner(int threads, Mode mode = Mode::training, Sizing sizing = Sizing::fixed)
      : graph(tutorial_graph(64)),
        team(std::make_shared<Team>(threads, sizing)),
        executor(make_executor(improve(plan_of(graph, mode)),
                               [this](const Slot& slot) {
                                 const auto [found, made] =
                                     memory.try_emplace(slot.name, slot.shape, slot.dtype);
                                 return found->second.data();
                               },
                               {.team = team, .minimum_work = 0})),
        workspace(executor->make_workspace()) {}

  Graph graph;
  std::map<std::string, Tensor> memory;
  std::shared_ptr<Team> team;
  std::unique_ptr<Executor> executor;
  std::unique_ptr<Workspace> workspace;
};

/// A given number of steps; counts the calls, and throws at a chosen one.
class CountedSteps : public Steps {
 public:
  explicit CountedSteps(int steps) : left_(steps), ids_(32) {
    for (Batch& batch : ring_) {
      batch.x.emplace_back(Shape{32, 5, 4}, DType::uint8);
      batch.y.emplace_back(Shape{32}, DType::uint8);
      batch.sample = ids_;
      batch.rows = 32;
    }
  }

  Step next() override {
    if (asked == throw_at_next) throw std::runtime_error("no data");
    if (left_ == 0) return {};
    --left_;
    rows_left_[static_cast<size_t>(asked) % 4] = 32;
    return {&ring_[static_cast<size_t>(asked++) % 4], {.learning_rate = 0.01}};
  }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    const auto turn = static_cast<size_t>(step.batch - ring_.data());
    const int64_t left = rows_left_[turn] -= end - begin;
    if (left == 0 && gathered++ == throw_at_gather) throw std::runtime_error("no picture");
  }
  void done(const Step& step) override {
    EXPECT_EQ(step.batch, &ring_[static_cast<size_t>(finished) % 4]);
    EXPECT_EQ(rows_left_[static_cast<size_t>(finished) % 4], 0);
    if (finished == throw_at_done) throw std::runtime_error("no room");
    ++finished;
  }

  int asked = 0, finished = 0;
  std::atomic<int> gathered = 0;
  int throw_at_next = -1, throw_at_gather = -1, throw_at_done = -1;

 private:
  int left_;
  std::vector<uint64_t> ids_;
  std::array<Batch, 4> ring_;
  std::array<std::atomic<int64_t>, 4> rows_left_ = {};
};

TEST(Steps, AreAllRunInOrderOnAnyNumberOfThreads) {
  for (int threads : {1, 2, 3, 5}) {
    for (int count : {0, 1, 2, 7}) {
      Runner runner(threads);
      CountedSteps steps(count);
      runner.executor->run(steps, *runner.workspace);
      EXPECT_EQ(steps.asked, count);
      EXPECT_EQ(steps.gathered, count);
      EXPECT_EQ(steps.finished, count);
      if (count > 0) {
        EXPECT_EQ(std::max(1, runner.team->last_members()), threads);
      }
    }
  }
}

TEST(Steps, AnExceptionEndsTheRunAndIsRethrown) {
  for (int threads : {1, 2, 4}) {
    for (int at : {0, 1, 4}) {
      Runner runner(threads);
      CountedSteps no_data(10);
      no_data.throw_at_next = at;
      EXPECT_THROW(runner.executor->run(no_data, *runner.workspace), std::runtime_error);
      EXPECT_LE(no_data.finished, at);
      CountedSteps no_picture(10);
      no_picture.throw_at_gather = at;
      EXPECT_THROW(runner.executor->run(no_picture, *runner.workspace), std::runtime_error);
      EXPECT_LE(no_picture.finished, at);
      CountedSteps no_room(10);
      no_room.throw_at_done = at;
      EXPECT_THROW(runner.executor->run(no_room, *runner.workspace), std::runtime_error);
      EXPECT_EQ(no_room.finished, at);
      // The team is free again.
      CountedSteps after(3);
      runner.executor->run(after, *runner.workspace);
      EXPECT_EQ(after.finished, 3);
    }
  }
}

/// A batch in place without addresses of rows, since gathering them fails.
class UnplacedSteps final : public Steps {
 public:
  UnplacedSteps() : ids_(32) {
    batch_.x.emplace_back(Shape{0}, DType::uint8);
    batch_.x_rows = {std::vector<const std::byte*>(32)};
    batch_.y.emplace_back(Shape{32}, DType::uint8);
    batch_.sample = ids_;
    batch_.rows = 32;
  }
  Step next() override { return {&batch_, {}}; }
  void gather(const Step&, int64_t, int64_t) override { throw std::runtime_error("no picture"); }
  void done(const Step&) override { ADD_FAILURE() << "ran on rows that are nowhere"; }

 private:
  std::vector<uint64_t> ids_;
  Batch batch_;
};

TEST(Steps, RowsThatCouldNotBeGatheredAreNotRead) {
  for (int threads : {1, 2, 3}) {
    Runner runner(threads);
    ASSERT_TRUE(runner.executor->plan().slot(runner.executor->plan().inputs[0]).by_rows);
    UnplacedSteps steps;
    EXPECT_THROW(runner.executor->run(steps, *runner.workspace), std::runtime_error);
  }
}

TEST(Steps, OneStepAtATimeLeavesTheSameWeightsAsManyInOneRun) {
  for (int threads : {1, 3}) {
    Runner together(threads);
    Runner apart(threads);
    CountedSteps steps(9);
    together.executor->run(steps, *together.workspace);
    for (int i = 0; i < 9; ++i) {
      CountedSteps one(1);
      apart.executor->run(one, *apart.workspace);
    }
    for (const auto& [name, memory] : together.memory) {
      EXPECT_EQ(std::memcmp(memory.data(), apart.memory.at(name).data(), memory.nbytes()), 0)
          << name;
    }
  }
}

TEST(Steps, AnotherNumberOfMembersAtEveryStepLeavesTheSameWeights) {
  Runner fixed(1);
  CountedSteps steps(60);
  fixed.executor->run(steps, *fixed.workspace);
  for (int threads : {2, 3, 5}) {
    Runner drawn(threads, Mode::training, Sizing::drawn);
    CountedSteps same(60);
    drawn.executor->run(same, *drawn.workspace);
    EXPECT_EQ(same.finished, 60);
    const TeamUse use = drawn.executor->team_use(*drawn.workspace);
    for (int64_t count : use.steps) EXPECT_GT(count, 0);
    for (const auto& [name, memory] : fixed.memory) {
      EXPECT_EQ(std::memcmp(memory.data(), drawn.memory.at(name).data(), memory.nbytes()), 0)
          << name << ", " << threads << " threads";
    }
  }
}

TEST(Steps, TheirUseOfTheTeamIsCounted) {
  for (int threads : {1, 3}) {
    Runner runner(threads);
    CountedSteps steps(7);
    runner.executor->run(steps, *runner.workspace);
    const TeamUse use = runner.executor->team_use(*runner.workspace);
    std::vector<int64_t> expected(static_cast<size_t>(threads));
    expected.back() = 7;
    EXPECT_EQ(use.steps, expected);
    EXPECT_FALSE(use.elastic);
  }
}

/// Samples that stay as the batch was made: all zeros.
class FormulaSource final : public Source {
 public:
  explicit FormulaSource(int64_t size = 70) : size_(size) {}
  Spec spec() const override {
    return {.x = {{{5, 4}, {.dtype = DType::uint8, .divisor = 255}}},
            .y = {{{3}, {.dtype = DType::uint8, .classes = 3}}},
            .size = size_};
  }
  void fill(std::span<const uint64_t>, int64_t, Batch&) const override {}

 private:
  int64_t size_;
};

TEST(Measure, TimesEveryOpOfTheStep) {
  for (int threads : {1, 2}) {
    Runner runner(threads);
    const Plan& plan = runner.executor->plan();
    const auto bind = [&](const Slot& slot) { return runner.memory.at(slot.name).data(); };
    const OpTimes times =
        measure(plan, FormulaSource(), bind, {.team = runner.team, .minimum_work = 0});
    EXPECT_EQ(times.threads, threads);
    EXPECT_GT(times.steps, 10);
    EXPECT_GT(times.peak, 1e8);
    const std::vector<Op>& ops = times.schedule.ops;
    ASSERT_EQ(times.seconds.size(), ops.size());
    double sum = times.waiting;
    for (size_t i = 0; i < ops.size(); ++i) {
      if (ops[i].split != Split::one) {
        EXPECT_GT(times.seconds[i], 0) << i;
      }
      sum += times.seconds[i];
    }
    EXPECT_GT(times.gathering, 0);
    sum += times.gathering;
    EXPECT_LE(sum, times.step * 1.01);
    const std::string text = explain(plan, times);
    EXPECT_NE(text.find("of peak"), std::string::npos);
    EXPECT_NE(text.find("Measured: "), std::string::npos);
  }
}

// Of a bias of three units the second of two threads has all, and the first has nothing.
TEST(Measure, AnOpTakesAsLongAsTheThreadThatDoesIt) {
  const Graph graph = tutorial_graph();
  const Plan plan = improve(plan_of(graph, Mode::training, "adam", 8192));
  std::map<std::string, Tensor> memory;
  const auto bind = [&](const Slot& slot) {
    return memory.try_emplace(slot.name, slot.shape, slot.dtype).first->second.data();
  };
  const OpTimes times = measure(plan, FormulaSource(8192), bind,
                                {.team = std::make_shared<Team>(2), .minimum_work = 0});
  int sums = 0;
  for (size_t i = 0; i < times.schedule.ops.size(); ++i) {
    EXPECT_GE(times.longest[i], times.seconds[i]) << i;
    EXPECT_LE(times.longest[i], times.of_all[i]) << i;
    const Op& op = times.schedule.ops[i];
    if (!std::holds_alternative<ops::SumRows>(op.what)) continue;
    ++sums;
    EXPECT_GT(times.longest[i], 3 * times.seconds[i]);
    EXPECT_LT(cornu::flops(op, sizes_of(op, plan.slots, 8192)) / times.of_all[i], times.peak);
  }
  EXPECT_EQ(sums, 2);
}

}  // namespace steps_test
}  // namespace cornu::inline v0
