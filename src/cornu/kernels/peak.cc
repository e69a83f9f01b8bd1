#include "cornu/kernels/peak.h"

#include <algorithm>
#include <chrono>

namespace cornu::inline v0::kernels {
namespace {

using Clock = std::chrono::steady_clock;

Clock::duration time_of(double (*multiply_adds)(int64_t)) {
  const auto begin = Clock::now();
  multiply_adds(500);
  return Clock::now() - begin;
}

}  // namespace

bool takes_as_long(double (*more)(int64_t), double (*fewer)(int64_t)) {
  Clock::duration of_more = Clock::duration::max();
  Clock::duration of_fewer = Clock::duration::max();
  for (int i = 0; i < 8; ++i) {  // an interrupt disturbs one
    of_more = std::min(of_more, time_of(more));
    of_fewer = std::min(of_fewer, time_of(fewer));
  }
  return 2 * of_more < 3 * of_fewer;
}

}  // namespace cornu::inline v0::kernels
