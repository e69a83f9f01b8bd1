#include "cornu/kernels/depthwise_cases_test.h"

namespace cornu::inline v0::kernels {
namespace depthwise_long_test {

TEST(DepthwiseLong, OfWholeNumbersIsExact) {
  for (uint64_t round = 0; round < 20'000; ++round) {
    DepthwiseCase each(1'000'000 + round);
    for (const NamedTable& t : all_tables()) each.expect_exact(t);
    if (HasFailure()) return;
  }
}

}  // namespace depthwise_long_test
}  // namespace cornu::inline v0::kernels
