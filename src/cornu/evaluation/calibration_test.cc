#include "cornu/evaluation/calibration.h"

#include <gtest/gtest.h>

#include <limits>

namespace cornu::inline v0 {
namespace calibration_test {

TEST(Calibration, ByHand) {
  Calibration calibration(5);
  calibration.add(0.9, true);
  calibration.add(1.0, true);
  calibration.add(0.95, false);
  calibration.add(0.5, true);
  calibration.add(0.6, false);  // the upper end of (0.4, 0.6]
  const auto bins = calibration.bins();
  ASSERT_EQ(bins.size(), 5U);
  EXPECT_EQ(bins[4].count, 3);
  EXPECT_NEAR(bins[4].confidence, 0.95, 1e-12);
  EXPECT_NEAR(bins[4].accuracy, 2.0 / 3, 1e-12);
  EXPECT_EQ(bins[2].count, 2);
  EXPECT_NEAR(bins[2].confidence, 0.55, 1e-12);
  EXPECT_EQ(bins[3].count, 0);
  // (3 · |2/3 − 0.95| + 2 · |0.5 − 0.55|) / 5
  EXPECT_NEAR(calibration.expected_error(), 0.19, 1e-12);
}

TEST(Calibration, LeavesOutWhatIsNoNumber) {
  Calibration calibration;
  calibration.add(std::numeric_limits<double>::quiet_NaN(), true);
  EXPECT_EQ(calibration.count(), 0);
  EXPECT_EQ(calibration.expected_error(), 0);
  calibration.add(0, false);
  calibration.add(1.0000001, true);
  EXPECT_EQ(calibration.bins().front().count, 1);
  EXPECT_EQ(calibration.bins().back().count, 1);
}

}  // namespace calibration_test
}  // namespace cornu::inline v0
