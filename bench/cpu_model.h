#pragma once

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace cornu::bench {

/// Which CPU this is, and how many float32 operations its multiply-add pipes finish per cycle.
struct CpuModel {
  std::string name = {};
  int family = 0, model = 0;
  int vector_bits = 0;  ///< of the widest multiply-add it offers: 512, 256, 128; 0 without fma
  int pipes = 0;        ///< multiply-adds of that width per cycle; 0 where not known
  std::string why_unknown = {};

  int flop_per_cycle() const { return pipes * vector_bits / 32 * 2; }
};

#if defined(__x86_64__)

/// Multiply-adds of `bits` per cycle. Sources: AMD's Software Optimization Guides for families 17h,
/// 19h and 1Ah (Zen to Zen 5) and Intel's optimization manual with its tables of ports; both agree
/// with Fog's instruction tables. 0 for a CPU that is in neither.
inline int fma_pipes(bool amd, int family, int model, int bits) {
  if (amd && family == 0x17) return bits == 256 ? (model >= 0x30 ? 2 : 1) : 0;
  if (amd && family == 0x19) return bits == 512 ? 1 : 2;  // Zen 4 does 512 bits in two halves.
  if (amd && family == 0x1A) {
    if (bits == 256) return 2;
    const bool full_width = model <= 0x1F || (model >= 0x40 && model <= 0x4F);
    return full_width ? 2 : 0;
  }
  if (amd || family != 6) return 0;
  switch (model) {
    // Servers from Skylake to Granite Rapids. A few cheap Skylake and Cascade Lake parts have one
    // pipe of 512 bits: there the probe is not trusted, which errs on the safe side.
    case 0x55:
    case 0x6A:
    case 0x6C:
    case 0x8F:
    case 0xCF:
    case 0xAD:
    case 0xAE:
      return 2;
    // Ice Lake, Tiger Lake and Rocket Lake of desktops and laptops.
    case 0x7D:
    case 0x7E:
    case 0x8C:
    case 0x8D:
    case 0xA7:
      return bits == 512 ? 1 : 2;
    // Haswell, Broadwell, Skylake, Kaby Lake, Comet Lake.
    case 0x3C:
    case 0x3F:
    case 0x45:
    case 0x46:
    case 0x3D:
    case 0x47:
    case 0x4F:
    case 0x56:
    case 0x4E:
    case 0x5E:
    case 0x8E:
    case 0x9E:
    case 0xA5:
    case 0xA6:
      return bits == 256 ? 2 : 0;
    default:
      return 0;
  }
}

inline CpuModel cpu_model() {
  CpuModel cpu;
  uint32_t a = 0, b = 0, c = 0, d = 0;
  char vendor[13] = {};
  __get_cpuid(0, &a, &b, &c, &d);
  std::memcpy(vendor, &b, 4);
  std::memcpy(vendor + 4, &d, 4);
  std::memcpy(vendor + 8, &c, 4);
  __get_cpuid(1, &a, &b, &c, &d);
  cpu.family = static_cast<int>(a >> 8 & 0xF);
  cpu.model = static_cast<int>(a >> 4 & 0xF);
  if (cpu.family == 6 || cpu.family == 15) cpu.model |= static_cast<int>(a >> 12 & 0xF0);
  if (cpu.family == 15) cpu.family += static_cast<int>(a >> 20 & 0xFF);
  char brand[49] = {};
  for (uint32_t part = 0; part < 3; ++part) {
    if (__get_cpuid(0x80000002 + part, &a, &b, &c, &d) == 0) break;
    const uint32_t words[4] = {a, b, c, d};
    std::memcpy(brand + 16 * part, words, sizeof words);
  }
  cpu.name = brand;
  cpu.name.erase(cpu.name.find_last_not_of(' ') + 1);
  if (__builtin_cpu_supports("avx512f")) {
    cpu.vector_bits = 512;
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    cpu.vector_bits = 256;
  }
  const bool amd = std::strcmp(vendor, "AuthenticAMD") == 0;
  const bool known = amd || std::strcmp(vendor, "GenuineIntel") == 0;
  if (cpu.vector_bits == 0) {
    cpu.why_unknown = "it has no fused multiply-add";
  } else if (known) {
    cpu.pipes = fma_pipes(amd, cpu.family, cpu.model, cpu.vector_bits);
  }
  if (cpu.pipes == 0 && cpu.why_unknown.empty()) {
    cpu.why_unknown = "its pipes are not in the table of bench/cpu_model.h";
  }
  return cpu;
}

#else

inline CpuModel cpu_model() {
  CpuModel cpu;
  cpu.name = "not x86-64";
  cpu.vector_bits = 128;
  cpu.why_unknown = "its pipes are not in the table of bench/cpu_model.h";
  return cpu;
}

#endif

}  // namespace cornu::bench
