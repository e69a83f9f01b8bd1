#include "cornu/evaluation/class_scores.h"

#include <gtest/gtest.h>

namespace cornu::inline v0 {
namespace class_scores_test {

ConfusionMatrix matrix_of(const std::vector<std::vector<int>>& counts) {
  ConfusionMatrix matrix(static_cast<int64_t>(counts.size()));
  for (size_t row = 0; row < counts.size(); ++row) {
    for (size_t column = 0; column < counts.size(); ++column) {
      matrix.add(static_cast<int64_t>(row), static_cast<int64_t>(column), counts[row][column]);
    }
  }
  return matrix;
}

// The numbers are scikit-learn's precision_recall_fscore_support of the same samples.
TEST(ClassScores, AreThoseOfScikitLearn) {
  const ClassScores scores = class_scores(matrix_of({{50, 3, 7}, {2, 30, 8}, {0, 5, 95}}));
  ASSERT_EQ(scores.classes.size(), 3U);
  EXPECT_NEAR(scores.classes[0].precision, 0.9615384615384616, 1e-12);
  EXPECT_NEAR(scores.classes[0].recall, 0.8333333333333334, 1e-12);
  EXPECT_NEAR(scores.classes[0].f1, 0.8928571428571429, 1e-12);
  EXPECT_EQ(scores.classes[0].support, 60);
  EXPECT_NEAR(scores.classes[1].precision, 0.7894736842105263, 1e-12);
  EXPECT_NEAR(scores.classes[1].recall, 0.75, 1e-12);
  EXPECT_NEAR(scores.classes[1].f1, 0.7692307692307693, 1e-12);
  EXPECT_EQ(scores.classes[1].support, 40);
  EXPECT_NEAR(scores.classes[2].precision, 0.8636363636363636, 1e-12);
  EXPECT_NEAR(scores.classes[2].recall, 0.95, 1e-12);
  EXPECT_NEAR(scores.classes[2].f1, 0.9047619047619048, 1e-12);
  EXPECT_EQ(scores.classes[2].support, 100);
  EXPECT_NEAR(scores.macro.precision, 0.8715495031284505, 1e-12);
  EXPECT_NEAR(scores.macro.recall, 0.8444444444444444, 1e-12);
  EXPECT_NEAR(scores.macro.f1, 0.8556166056166057, 1e-12);
  EXPECT_EQ(scores.macro.support, 200);
  EXPECT_NEAR(scores.weighted.precision, 0.8781744571218255, 1e-12);
  EXPECT_NEAR(scores.weighted.recall, 0.875, 1e-12);
  EXPECT_NEAR(scores.weighted.f1, 0.8740842490842491, 1e-12);
  EXPECT_EQ(scores.weighted.support, 200);
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.875);
}

TEST(ClassScores, AClassThatIsNowhereCountsForNoMean) {
  const ClassScores scores = class_scores(matrix_of({{3, 0, 1}, {0, 0, 0}, {2, 0, 4}}));
  EXPECT_EQ(scores.classes[1].f1, 0);
  EXPECT_EQ(scores.classes[1].support, 0);
  EXPECT_DOUBLE_EQ(scores.macro.f1, (2 * 3.0 / 9 + 2 * 4.0 / 11) / 2);
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.7);
}

TEST(ClassScores, OfNothingAreZero) {
  const ClassScores scores = class_scores(ConfusionMatrix(2));
  EXPECT_EQ(scores.accuracy, 0);
  EXPECT_EQ(scores.macro.f1, 0);
  EXPECT_EQ(scores.weighted.precision, 0);
}

TEST(LargestConfusions, ComeFirstAndEqualOnesInOrder) {
  const auto pairs = largest_confusions(matrix_of({{9, 1, 4}, {4, 9, 0}, {5, 2, 9}}), 3);
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0].true_class, 2);
  EXPECT_EQ(pairs[0].predicted_class, 0);
  EXPECT_EQ(pairs[0].count, 5);
  EXPECT_EQ(pairs[1].true_class, 0);
  EXPECT_EQ(pairs[1].predicted_class, 2);
  EXPECT_EQ(pairs[2].true_class, 1);
}

}  // namespace class_scores_test
}  // namespace cornu::inline v0
