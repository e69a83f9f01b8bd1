#include "cornu/cli/target_reason.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cornu::inline v0::cli {
namespace target_reason_test {

using kernels::Target;
using ::testing::HasSubstr;
using ::testing::StartsWith;

bool runs_here(Target target) {
  const auto supported = kernels::supported_targets();
  return std::ranges::find(supported, target) != supported.end();
}

TEST(TargetReason, NamesTheOneThatIsUsed) {
  for (Target target : all_targets()) {
    const bool used = target == kernels::best_target();
    EXPECT_EQ(target_reason(target).starts_with("used: "), used) << kernels::name(target);
  }
}

TEST(TargetReason, IsGivenForEveryUnusedTarget) {
  for (Target target : all_targets()) {
    const std::string reason = target_reason(target);
    if (target == kernels::best_target()) continue;
    if (runs_here(target)) {
      EXPECT_THAT(reason, HasSubstr(kernels::name(kernels::best_target())));
    } else {
      EXPECT_TRUE(reason.starts_with("not compiled in: ") || reason.starts_with("this CPU lacks "))
          << reason;
    }
  }
}

TEST(TargetReason, NothingIsLackingForATargetThatRuns) {
  for (Target target : kernels::supported_targets()) {
    EXPECT_EQ(lacking(target), "") << kernels::name(target);
  }
}

TEST(TargetReason, NamesTheOtherArchitectureOfATarget) {
#if defined(__x86_64__)
  EXPECT_EQ(target_reason(Target::neon), "not compiled in: it is for AArch64, and this is x86-64");
#elif defined(__aarch64__)
  EXPECT_EQ(target_reason(Target::avx2), "not compiled in: it is for x86-64, and this is AArch64");
#endif
}

#if defined(__x86_64__)
TEST(TargetReason, ListsTheInstructionsThatTheCpuLacks) {
  for (Target target : {Target::avx512, Target::avx2}) {
    // The sanitized build leaves out targets that this CPU may have.
    if (runs_here(target) || lacking(target).empty()) continue;
    EXPECT_THAT(target_reason(target), StartsWith("this CPU lacks ")) << kernels::name(target);
  }
}
#endif

}  // namespace target_reason_test
}  // namespace cornu::inline v0::cli
