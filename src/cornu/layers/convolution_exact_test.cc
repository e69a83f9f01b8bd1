#include "cornu/core/sanitized_test.h"
#include "cornu/layers/convolution_cases_test.h"

namespace cornu::inline v0 {
namespace convolution_exact_test {

TEST(ConvolutionExact, OfWholeNumbersIsExact) {
  for (int round = 0; round < drawn(300); ++round) {
    ConvolutionCase(static_cast<uint64_t>(round)).expect_exact();
    if (HasFailure()) return;
  }
}

}  // namespace convolution_exact_test
}  // namespace cornu::inline v0
