#include "cornu/evaluation/number_results.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cornu::inline v0 {
namespace number_results_test {

// The numbers are scikit-learn's r2_score, mean_absolute_error and root_mean_squared_error.
TEST(RegressionErrors, AreThoseOfScikitLearn) {
  NumberResults results;
  results.add(Tensor::of<float>({4, 1}, {2.5F, 0, 2, 8}),
              Tensor::of<float>({4, 1}, {3, -0.5F, 2, 7}));
  EXPECT_EQ(results.samples(), 4);
  EXPECT_NEAR(results.errors().r2(), 0.9486081370449679, 1e-12);
  EXPECT_NEAR(results.errors().mean_absolute_error(), 0.5, 1e-12);
  EXPECT_NEAR(results.errors().root_mean_squared_error(), 0.6123724356957945, 1e-12);
  EXPECT_NEAR(results.errors().mean_error(), 0.25, 1e-12);
}

TEST(RegressionErrors, OfConstantTargetsAndOfNothing) {
  RegressionErrors errors;
  EXPECT_EQ(errors.r2(), 0);
  EXPECT_EQ(errors.root_mean_squared_error(), 0);
  errors.add(1, 2);
  EXPECT_EQ(errors.r2(), 0);
}

TEST(NumberResults, TheWorstComeFirst) {
  NumberResults results(2);
  results.add(Tensor::of<float>({3, 2}, {0, 0, 3, 1, 1, 1}),
              Tensor::of<float>({3, 2}, {0, 0, 0, 0, 0, 0}));
  ASSERT_EQ(results.worst().size(), 2U);
  EXPECT_EQ(results.worst()[0].sample, 1);
  EXPECT_EQ(results.worst()[0].loss, 5);
  EXPECT_EQ(results.worst()[0].predicted, (std::vector<double>{3, 1}));
  EXPECT_EQ(results.worst()[1].sample, 2);
}

TEST(NumberResults, NotANumberIsTheWorst) {
  NumberResults results(1);
  results.add(Tensor::of<float>({2, 1}, {1e30F, std::numeric_limits<float>::quiet_NaN()}),
              Tensor::of<float>({2, 1}, {0, 0}));
  EXPECT_EQ(results.worst()[0].sample, 1);
}

TEST(NumberResults, KeepEveryFourthPoint) {
  NumberResults results(1, 8);
  Tensor numbers({32, 1});
  for (int64_t i = 0; i < 32; ++i) numbers.span<float>()[static_cast<size_t>(i)] = float(i);
  results.add(numbers, numbers);
  ASSERT_EQ(results.points().size(), 8U);
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(results.points()[i].target, 4.0 * double(i));
}

}  // namespace number_results_test
}  // namespace cornu::inline v0
