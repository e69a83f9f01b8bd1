#include "cornu/cli/target_reason.h"

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace cornu::inline v0::cli {
namespace {

using kernels::Target;

struct Feature {
  const char* name;
  bool here;
};

std::string missing(const std::vector<Feature>& features) {
  std::string text;
  for (const Feature& feature : features) {
    if (!feature.here) text += (text.empty() ? "" : ", ") + std::string(feature.name);
  }
  return text;
}

#if defined(__x86_64__)

// __builtin_cpu_supports also checks that the system saves the wide registers, but some compilers'
// versions do not know these two features.
bool has_f16c() {
  uint32_t a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c >> 29 & 1) != 0;
}
bool has_lzcnt() {
  uint32_t a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) != 0 && (c >> 5 & 1) != 0;
}

// The instructions that Highway requires in its targets AVX3 and AVX2.
std::string lacking_avx2() {
  return missing({{"AVX2", __builtin_cpu_supports("avx2") != 0},
                  {"FMA", __builtin_cpu_supports("fma") != 0},
                  {"BMI", __builtin_cpu_supports("bmi") != 0},
                  {"BMI2", __builtin_cpu_supports("bmi2") != 0},
                  {"F16C", has_f16c()},
                  {"LZCNT", has_lzcnt()},
                  {"AES", __builtin_cpu_supports("aes") != 0},
                  {"PCLMULQDQ", __builtin_cpu_supports("pclmul") != 0}});
}

std::string lacking_avx512() {
  const std::string wide = missing({{"F", __builtin_cpu_supports("avx512f") != 0},
                                    {"BW", __builtin_cpu_supports("avx512bw") != 0},
                                    {"DQ", __builtin_cpu_supports("avx512dq") != 0},
                                    {"VL", __builtin_cpu_supports("avx512vl") != 0}});
  const std::string others = lacking_avx2();
  if (wide.empty()) return others;
  return "AVX-512 " + wide + (others.empty() ? "" : ", " + others);
}

#endif

// The architecture that a target is for; null for any.
const char* architecture(Target target) {
  switch (target) {
    case Target::avx512:
    case Target::avx2:
      return "x86-64";
    case Target::neon:
      return "AArch64";
    case Target::portable:
      break;
  }
  return nullptr;
}

#if defined(__x86_64__)
constexpr std::string_view kArchitecture = "x86-64";
#elif defined(__aarch64__)
constexpr std::string_view kArchitecture = "AArch64";
#else
constexpr std::string_view kArchitecture = "another architecture";
#endif

}  // namespace

std::vector<Target> all_targets() {
  return {Target::avx512, Target::avx2, Target::neon, Target::portable};
}

std::string lacking([[maybe_unused]] Target target) {
#if defined(__x86_64__)
  if (target == Target::avx512) return lacking_avx512();
  if (target == Target::avx2) return lacking_avx2();
#endif
  return {};
}

std::string target_reason(Target target) {
  const Target best = kernels::best_target();
  const std::string best_name(kernels::name(best));
  if (target == best) {
    return target == Target::portable ? "used: nothing better runs here"
                                      : "used: the fastest that runs here";
  }
  const auto supported = kernels::supported_targets();
  if (std::ranges::find(supported, target) != supported.end()) {
    return "runs here too, slower than " + best_name;
  }
  const char* const needed = architecture(target);
  if (needed != nullptr && needed != kArchitecture) {
    return std::string("not compiled in: it is for ") + needed + ", and this is " +
           std::string(kArchitecture);
  }
  const std::string parts = lacking(target);
  if (!parts.empty()) return "this CPU lacks " + parts;
  return "not compiled in: the compiler that made this command could not";
}

}  // namespace cornu::inline v0::cli
