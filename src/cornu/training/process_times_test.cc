#include "cornu/training/process_times.h"

#include <gtest/gtest.h>

#include <vector>

namespace cornu::inline v0 {
namespace process_times_test {

TEST(ProcessTimes, OneThatTakesAQuarterAndASecondLongerThanTheOthersIsSlow) {
  const auto rank = [](const std::vector<double>& seconds) {
    const auto slow = slow_process(seconds);
    return slow ? slow->rank : -1;
  };
  EXPECT_EQ(rank({}), -1);
  EXPECT_EQ(rank({9}), -1);
  EXPECT_EQ(rank({10, 12.49}), -1);
  EXPECT_EQ(rank({10, 12.5}), 1);
  EXPECT_EQ(rank({12.5, 10}), 0);
  EXPECT_EQ(rank({0.5, 1.49}), -1);
  EXPECT_EQ(rank({0, 1}), 1);
  // The others' median, not their mean.
  EXPECT_EQ(rank({10, 10, 13, 1}), 2);
  EXPECT_EQ(rank({1, 20, 19, 20}), -1);
  const auto slow = slow_process(std::vector<double>{4, 2, 9, 4});
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->rank, 2);
  EXPECT_EQ(slow->factor, 9.0 / 4);
  EXPECT_EQ(slow->seconds, 5);
  EXPECT_EQ(slow_process(std::vector<double>{4, 2, 9})->factor, 3);
}

}  // namespace process_times_test
}  // namespace cornu::inline v0
