#include "cornu/evaluation/class_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0 {
namespace class_results_test {

using ::testing::HasSubstr;

Tensor outputs() {
  return Tensor::of<float>({4, 3}, {0.7F, 0.2F, 0.1F,     // right
                                    0.5F, 0.25F, 0.25F,   // 1, taken for 0
                                    0.1F, 0.875F, 0.0F,   // 2, taken for 1, thought impossible
                                    0.0F, 0.25F, 0.5F});  // 1, taken for 2
}

TEST(ClassResults, CountPartByPart) {
  const Tensor labels = Tensor::of<uint8_t>({4}, {0, 1, 2, 1});
  ClassResults whole(3, true), parts(3, true);
  whole.add(outputs(), labels);
  for (int64_t i = 0; i < 4; ++i) {
    parts.add(outputs().view().rows(i, i + 1), labels.view().rows(i, i + 1));
  }
  for (const ClassResults* each : {&whole, &parts}) {
    EXPECT_EQ(each->samples(), 4);
    EXPECT_EQ(each->matrix()(0, 0), 1);
    EXPECT_EQ(each->matrix()(1, 0), 1);
    EXPECT_EQ(each->matrix()(1, 2), 1);
    EXPECT_EQ(each->matrix()(2, 1), 1);
    EXPECT_EQ(each->calibration().count(), 4);
    ASSERT_EQ(each->worst().size(), 3U);
    EXPECT_EQ(each->worst()[0].sample, 2);
    EXPECT_NEAR(each->worst()[0].loss, -std::log(1e-7), 1e-12);
    EXPECT_EQ(each->worst()[0].p_predicted, 0.875);
    // Of equal losses the first comes first.
    EXPECT_EQ(each->worst()[1].sample, 1);
    EXPECT_EQ(each->worst()[2].sample, 3);
    EXPECT_NEAR(each->worst()[2].loss, -std::log(0.25), 1e-12);
  }
}

TEST(ClassResults, KeepTheWorst) {
  ClassResults results(3, true, 1);
  results.add(outputs(), Tensor::of<int32_t>({4}, {0, 1, 2, 1}));
  ASSERT_EQ(results.worst().size(), 1U);
  EXPECT_EQ(results.worst()[0].sample, 2);
}

TEST(ClassResults, ScoresAreRankedByTheirDistance) {
  ClassResults results(2, false);
  results.add(Tensor::of<float>({2, 2}, {3, 1, 9, 2}), Tensor::of<int64_t>({2}, {1, 1}));
  EXPECT_EQ(results.calibration().count(), 0);
  EXPECT_EQ(results.worst()[0].sample, 1);
  EXPECT_EQ(results.worst()[0].loss, 7);
}

TEST(ClassResults, OneOutputIsTheProbabilityOfClassOne) {
  ClassResults results(2, true);
  results.add(Tensor::of<float>({2, 1}, {0.75F, 0.25F}), Tensor::of<int64_t>({2}, {1, 1}));
  EXPECT_EQ(results.matrix()(1, 1), 1);
  EXPECT_EQ(results.matrix()(1, 0), 1);
  EXPECT_EQ(results.worst()[0].p_true, 0.25);
}

TEST(ClassResults, RefuseOutputsOfOtherShapes) {
  ClassResults results(3, true);
  EXPECT_THAT(error_of([&] {
                results.add(Tensor({2, 2}), Tensor({2}));
              }),
              HasSubstr("expected outputs of shape (2, 3), got (2, 2)"));
}

}  // namespace class_results_test
}  // namespace cornu::inline v0
