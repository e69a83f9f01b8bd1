// The one function of Highway's library that Cornu calls: the targets of this CPU. Every AArch64
// CPU has NEON, and no other target is built there, so the cross-built program needs Highway's
// headers alone, which are the same for every CPU.

#include <hwy/targets.h>

namespace hwy {

int64_t SupportedTargets() {
  return HWY_NEON;
}

}  // namespace hwy
