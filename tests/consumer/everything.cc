// Uses the whole library, with the digits data set that it contains.
#include <cstdio>

#include "cornu/core/version.h"
#include "cornu/datasets/digits.h"

int main() {
  const auto [train, test] = cornu::datasets::digits();
  std::printf("Cornu %s: %d digits to learn, %d to test\n", CORNU_VERSION,
              static_cast<int>(train.size()), static_cast<int>(test.size()));
  return train.size() == 4000 && test.size() == 1000 ? 0 : 1;
}
