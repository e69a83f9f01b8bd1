// Uses the library that has no files in it.
#include <cstdio>

#include "cornu/core/shape.h"
#include "cornu/core/version.h"

int main() {
  const cornu::Shape shape{28, 28};
  std::printf("Cornu %s, core: %d axes\n", CORNU_VERSION, static_cast<int>(shape.ndim()));
  return shape.ndim() == 2 ? 0 : 1;
}
