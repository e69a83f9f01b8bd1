#include "cornu/kernels/table.h"

#include <string>

#include "cornu/core/error.h"
#include "cornu/kernels/targets_internal.h"

namespace cornu::inline v0::kernels {

std::string_view name(Target target) {
  switch (target) {
    case Target::avx512:
      return "avx512";
    case Target::avx2:
      return "avx2";
    case Target::neon:
      return "neon";
    case Target::portable:
      return "portable";
  }
  return {};
}

std::vector<Target> supported_targets() {
  std::vector<Target> targets;
  for (Target target : {Target::avx512, Target::avx2, Target::neon}) {
    if (vector_tables(target) != nullptr) targets.push_back(target);
  }
  targets.push_back(Target::portable);
  return targets;
}

Target best_target() {
  return supported_targets().front();
}

const Table& table(Target target) {
  if (target == Target::portable) return portable_tables().kernels;
  if (const TargetTables* found = vector_tables(target)) return found->kernels;
  std::string has;
  for (Target other : supported_targets()) has.append(has.empty() ? "" : ", ").append(name(other));
  throw Error({.kind = ErrorKind::unsupported,
               .where = "target",
               .what = "this CPU lacks " + std::string(name(target)),
               .expected = "one of " + has,
               .found = std::string(name(target)),
               .hint = "leave the target out to run on " + std::string(name(best_target()))});
}

}  // namespace cornu::inline v0::kernels
