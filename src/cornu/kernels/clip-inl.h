// Compiled once per target. Keeps probabilities off 0 and 1, as Keras does.

#if defined(CORNU_KERNELS_CLIP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_CLIP_INL_H_
#undef CORNU_KERNELS_CLIP_INL_H_
#else
#define CORNU_KERNELS_CLIP_INL_H_
#endif

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

constexpr float kClipLow = 1e-7F;
constexpr float kClipHigh = 1.0F - 1e-7F;

/// max(p, low), but NaN for NaN.
CORNU_INLINE Vector clip_below(Vector p) {
  return hn::IfThenElse(hn::Lt(p, constant(kClipLow)), constant(kClipLow), p);
}

/// min(max(p, low), high), but NaN for NaN.
CORNU_INLINE Vector clip(Vector p, float high = kClipHigh) {
  p = clip_below(p);
  return hn::IfThenElse(hn::Gt(p, constant(high)), constant(high), p);
}

/// `d`, but 0 where p is outside the clip.
CORNU_INLINE Vector inside_clip(Vector p, Vector d, float high = kClipHigh) {
  d = hn::IfThenElse(hn::Lt(p, constant(kClipLow)), constant(0), d);
  return hn::IfThenElse(hn::Gt(p, constant(high)), constant(0), d);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_CLIP_INL_H_
