#include "cornu/layers/convolution_cases_test.h"

namespace cornu::inline v0 {
namespace convolution_long_test {

TEST(ConvolutionLong, OfWholeNumbersIsExact) {
  for (uint64_t round = 0; round < 100'000; ++round) {
    ConvolutionCase(1'000'000 + round).expect_exact();
    if (HasFailure()) return;
  }
}

}  // namespace convolution_long_test
}  // namespace cornu::inline v0
