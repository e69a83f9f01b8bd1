// Compiled once per target.

#if defined(CORNU_KERNELS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_POINTWISE_INL_H_
#undef CORNU_KERNELS_POINTWISE_INL_H_
#else
#define CORNU_KERNELS_POINTWISE_INL_H_
#endif

#include "cornu/kernels/functions-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void pointwise(const PointwiseArgs& a) {
  with_function(a.function, [&](const auto& f) CORNU_LAMBDA {
    for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
      store(f.value(load(a.x + i, count)), a.y + i, count);
    });
  });
}

inline void pointwise_back(const PointwiseBackArgs& a) {
  with_function(a.function, [&](const auto& f) CORNU_LAMBDA {
    for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
      const Vector dx = f.back(load(a.saved + i, count), load(a.dy + i, count));
      assign_or_add(dx, a.dx + i, count, a.accumulate);
    });
  });
}

constexpr PointwiseKernelsOf<float> kPointwiseKernels = {
    .pointwise = pointwise,
    .pointwise_back = pointwise_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_POINTWISE_INL_H_
