#include "cornu/kernels/pool_cases_test.h"

namespace cornu::inline v0::kernels {
namespace pool_long_test {

TEST(PoolLong, OfWholeNumbersIsExact) {
  for (uint64_t round = 0; round < 20'000; ++round) {
    const PoolCase each(1'000'000 + round);
    for (const NamedTable& t : all_tables()) each.expect_exact(t);
    if (HasFailure()) return;
  }
}

}  // namespace pool_long_test
}  // namespace cornu::inline v0::kernels
