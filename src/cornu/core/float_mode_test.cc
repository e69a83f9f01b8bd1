#include "cornu/core/float_mode.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <limits>

#include "cornu/core/team.h"

namespace cornu::inline v0 {
namespace float_mode_test {

float half(float x) {
  volatile float value = x;
  return value * 0.5F;
}

TEST(FloatMode, FlushesDenormalsOutAndInWhileItLives) {
  const float smallest = std::numeric_limits<float>::min();
  const float denormal = std::numeric_limits<float>::denorm_min() * 8;
  ASSERT_NE(half(smallest), 0.0F);
  {
    const FloatMode mode;
    EXPECT_EQ(half(smallest), 0.0F);
    volatile float in = denormal;
    EXPECT_EQ(in * 0x1p100F, 0.0F);
  }
  EXPECT_NE(half(smallest), 0.0F);
}

TEST(FloatMode, PutsBackTheCallersRounding) {
  std::fesetround(FE_UPWARD);
  {
    const FloatMode mode;
    volatile float one = 1;
    volatile float three = 3;
    EXPECT_LT(static_cast<double>(one / three) * 3, 1.0 + 1e-7);
    EXPECT_EQ(one / three, 0x1.555556p-2F);
  }
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
  volatile float one = 1;
  volatile float tiny = 1e-30F;
  EXPECT_GT(one + tiny, 1.0F);
  std::fesetround(FE_TONEAREST);
}

TEST(FloatMode, HoldsOnEveryMemberOfATeam) {
  Team team(3);
  std::atomic<int> flushed{0};
  team.run(3, [&](Team::Member&) {
    flushed += half(std::numeric_limits<float>::min()) == 0.0F ? 1 : 0;
  });
  EXPECT_EQ(flushed, 3);
}

}  // namespace float_mode_test
}  // namespace cornu::inline v0
