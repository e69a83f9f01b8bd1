#include "cornu/models/executor_cache.h"

#include <gtest/gtest.h>

namespace cornu::inline v0 {
namespace executor_cache_test {

/// An executor that counts its live instances.
class CountedExecutor final : public Executor {
 public:
  CountedExecutor(int64_t capacity, int& alive) : alive_(alive) {
    plan_.capacity = capacity;
    ++alive_;
  }
  ~CountedExecutor() override { --alive_; }
  const Plan& plan() const override { return plan_; }
  std::unique_ptr<Workspace> make_workspace() const override {
    return std::make_unique<Workspace>();
  }
  void run(Steps&, Workspace&) const override {}
  int members(int64_t) const override { return 1; }
  const Schedule& schedule(int) const override { return schedule_; }
  TeamUse team_use(const Workspace&) const override { return {}; }
  TensorView value(SlotId, const Workspace&, int64_t) const override { return {}; }
  std::vector<std::vector<double>> op_seconds(const Workspace&) const override { return {}; }

 private:
  Plan plan_;
  Schedule schedule_;
  int& alive_;
};

class ExecutorCaches : public ::testing::Test {
 protected:
  std::shared_ptr<const Executor> get(int64_t capacity, Mode mode = Mode::predict) {
    return cache_.get(Spec{}, mode, capacity, [&](int64_t rows) {
      ++made_;
      return std::make_unique<CountedExecutor>(rows, alive_);
    });
  }

  int made_ = 0, alive_ = 0;
  ExecutorCache cache_;
};

TEST_F(ExecutorCaches, TheFirstHasTheRequestedCapacity) {
  EXPECT_EQ(get(100)->plan().capacity, 100);
  EXPECT_EQ(get(100)->plan().capacity, 100);
  EXPECT_EQ(get(51)->plan().capacity, 100);
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(get(100, Mode::training)->plan().capacity, 100);
  EXPECT_EQ(made_, 2);
}

TEST_F(ExecutorCaches, BatchesOfEverySizeShareAFew) {
  for (int64_t rows = 1; rows <= 600; ++rows) {
    const auto executor = get(rows);
    EXPECT_GE(executor->plan().capacity, rows);
    EXPECT_LE(executor->plan().capacity, 2 * rows);
  }
  EXPECT_LE(made_, 11);
  EXPECT_LE(alive_, 4);
}

TEST_F(ExecutorCaches, AnExecutorInUseStaysAlive) {
  const auto first = get(1);
  {
    auto workspace = cache_.workspace(first);
    for (int64_t rows = 2; rows <= 1024; rows *= 2) get(rows);
    EXPECT_EQ(alive_, 5);  // the one in use, and the last four
  }
  EXPECT_EQ(first->plan().capacity, 1);
  EXPECT_EQ(get(700)->plan().capacity, 1024);
  cache_.clear();
  EXPECT_EQ(alive_, 1);
}

}  // namespace executor_cache_test
}  // namespace cornu::inline v0
