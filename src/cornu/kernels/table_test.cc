#include "cornu/kernels/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0::kernels {
namespace table_test {

constexpr Target kTargets[] = {Target::avx512, Target::avx2, Target::neon, Target::portable};

TEST(Table, PortableIsAlwaysThereAndLast) {
  const auto targets = supported_targets();
  ASSERT_FALSE(targets.empty());
  EXPECT_EQ(targets.back(), Target::portable);
  EXPECT_EQ(targets.front(), best_target());
}

TEST(Table, HasEveryKernelOnEachTarget) {
  for (Target target : supported_targets()) {
    const auto kernels =
        std::bit_cast<std::array<void*, sizeof(Table) / sizeof(void*)>>(table(target));
    EXPECT_EQ(std::ranges::find(kernels, nullptr), kernels.end()) << name(target);
  }
}

TEST(Table, OfAnotherTargetIsAnErrorThatListsTheTargetsOfThisCpu) {
  const auto targets = supported_targets();
  int missing = 0;
  for (Target target : kTargets) {
    if (std::find(targets.begin(), targets.end(), target) != targets.end()) continue;
    ++missing;
    try {
      table(target);
      FAIL() << name(target);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      const std::string text = error.what();
      EXPECT_NE(text.find(name(target)), std::string::npos) << text;
      EXPECT_NE(text.find("portable"), std::string::npos) << text;
    }
  }
  EXPECT_GT(missing, 0);  // no CPU has both AVX2 and NEON
}

TEST(Table, NamesItsTargets) {
  EXPECT_EQ(name(Target::avx512), "avx512");
  EXPECT_EQ(name(Target::avx2), "avx2");
  EXPECT_EQ(name(Target::neon), "neon");
  EXPECT_EQ(name(Target::portable), "portable");
}

}  // namespace table_test
}  // namespace cornu::inline v0::kernels
