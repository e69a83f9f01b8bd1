// Compiled once per target. What is done to gradients before an update, and to weights around it.

#if defined(CORNU_KERNELS_GRADIENT_CHANGES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_GRADIENT_CHANGES_INL_H_
#undef CORNU_KERNELS_GRADIENT_CHANGES_INL_H_
#else
#define CORNU_KERNELS_GRADIENT_CHANGES_INL_H_
#endif

#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void accumulate(const AccumulateArgsOf<float>& a) {
  const Vector steps = constant(a.steps);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector sum = hn::Add(load(a.dw + i, count), load(a.sum + i, count));
    if (a.closes) store(hn::Div(sum, steps), a.dw + i, count);
    store(a.closes ? constant(0) : sum, a.sum + i, count);
  });
}

/// + 0 flushes denormals on all targets, since only some instructions for a choice do.
inline void clip(const ClipArgsOf<float>& a) {
  const Vector low = constant(-a.limit);
  const Vector high = constant(a.limit);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    Vector dw = load(a.dw + i, count);
    dw = hn::IfThenElse(hn::Lt(dw, low), low, dw);
    dw = hn::IfThenElse(hn::Gt(dw, high), high, dw);
    store(hn::Add(dw, constant(0)), a.dw + i, count);
  });
}

inline void scale(const ScaleArgsOf<float>& a) {
  const Vector factor = constant(a.factor);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    store(hn::Mul(load(a.x + i, count), factor), a.x + i, count);
  });
}

inline void decay(const DecayArgsOf<float>& a) {
  const Vector rate = constant(a.rate);
  const Vector learning_rate = constant(a.learning_rate);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector w = load(a.w + i, count);
    store(hn::Sub(w, hn::Mul(hn::Mul(w, rate), learning_rate)), a.w + i, count);
  });
}

inline void moving_average(const MovingAverageArgsOf<float>& a) {
  const Vector momentum = constant(a.momentum);
  const Vector rest = constant(a.rest);
  for_each_vector(a.size, [&](int64_t i, int64_t count) CORNU_LAMBDA {
    const Vector average =
        hn::Add(hn::Mul(momentum, load(a.average + i, count)), hn::Mul(rest, load(a.w + i, count)));
    store(average, a.average + i, count);
    if (a.overwrites) store(average, a.w + i, count);
  });
}

constexpr GradientChangeKernelsOf<float> kGradientChangeKernels = {
    .accumulate = accumulate,
    .clip = clip,
    .scale = scale,
    .decay = decay,
    .moving_average = moving_average,
    .squared_norm = kernels::squared_norm<float>,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_GRADIENT_CHANGES_INL_H_
