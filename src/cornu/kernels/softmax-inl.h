// Compiled once per target. Softmax and the cross-entropies, row by row.

#if defined(CORNU_KERNELS_SOFTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_SOFTMAX_INL_H_
#undef CORNU_KERNELS_SOFTMAX_INL_H_
#else
#define CORNU_KERNELS_SOFTMAX_INL_H_
#endif

#include "cornu/kernels/clip-inl.h"
#include "cornu/kernels/math-inl.h"
#include "cornu/kernels/rows-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

constexpr float kLowest = Largest::kIdentity;

template <class Rows>
CORNU_INLINE Vector sum_of(const Rows& rows, const typename Rows::In& x) {
  return rows.template reduce<Sum>([&](Vector lane, auto at)
                                       CORNU_LAMBDA { return hn::Add(lane, x(at)); });
}

template <class Rows>
CORNU_INLINE Vector largest_of(const Rows& rows, const typename Rows::In& x) {
  return rows.template reduce<Largest>(
      [&](Vector lane, auto at) CORNU_LAMBDA { return Largest::join(lane, x(at, kLowest)); });
}

template <class Rows>
CORNU_INLINE void softmax_of(const SoftmaxArgs& a, const Rows& rows) {
  const typename Rows::In x(rows, a.x);
  typename Rows::Kept e(rows, a.y);
  const Vector largest = largest_of(rows, x);
  const Vector sum = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    const Vector power = exp(hn::Sub(x(at, kLowest), largest));  // 0 in absent lanes
    e.put(at, power);
    return hn::Add(lane, power);
  });
  rows.put(a.y, false, [&](auto at) CORNU_LAMBDA { return hn::Div(e(at), sum); });
}

template <class Rows>
CORNU_INLINE void log_softmax_of(const LogSoftmaxArgs& a, const Rows& rows) {
  const typename Rows::In x(rows, a.x);
  const Vector largest = largest_of(rows, x);
  const Vector log_sum = log(rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::Add(lane, exp(hn::Sub(x(at, kLowest), largest)));
  }));
  rows.put(a.y, false,
           [&](auto at) CORNU_LAMBDA { return hn::Sub(hn::Sub(x(at), largest), log_sum); });
}

template <class Rows>
CORNU_INLINE void log_softmax_back_of(const LogSoftmaxBackArgs& a, const Rows& rows) {
  const typename Rows::In y(rows, a.y);
  const typename Rows::In dy(rows, a.dy);
  const Vector sum = sum_of(rows, dy);
  rows.put(a.dx, a.accumulate,
           [&](auto at) CORNU_LAMBDA { return hn::NegMulAdd(exp(y(at)), sum, dy(at)); });
}

template <class Rows>
CORNU_INLINE void softmax_back_of(const SoftmaxBackArgs& a, const Rows& rows) {
  const typename Rows::In y(rows, a.y);
  const typename Rows::In dy(rows, a.dy);
  const Vector sum = rows.template reduce<Sum>(
      [&](Vector lane, auto at) CORNU_LAMBDA { return hn::MulAdd(dy(at), y(at), lane); });
  rows.put(a.dx, a.accumulate,
           [&](auto at) CORNU_LAMBDA { return hn::Mul(y(at), hn::Sub(dy(at), sum)); });
}

template <class Rows>
CORNU_INLINE void softmax_crossentropy_of(const SoftmaxCrossentropyArgs& a, const Rows& rows) {
  const typename Rows::In z(rows, a.logits);
  const typename Rows::In t(rows, a.targets);
  const Vector largest = largest_of(rows, z);
  const Vector log_sum = log(rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::Add(lane, exp(hn::Sub(z(at, kLowest), largest)));
  }));
  // log Σ + (max − z), so that a large max loses no digits. Where t is 0 the term is left
  // out: a logit of −∞ masks its class, and 0 · ∞ would be NaN.
  const Vector loss = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    const Vector target = t(at);
    const Vector term = hn::Add(log_sum, hn::Sub(largest, z(at)));
    return hn::IfThenElse(hn::Eq(target, constant(0)), lane, hn::MulAdd(target, term, lane));
  });
  rows.put_row(a.loss, loss);
}

/// (p·Σt − t) as one fma, times scale.
template <class Rows>
CORNU_INLINE void softmax_crossentropy_back_of(const SoftmaxCrossentropyBackArgs& a,
                                               const Rows& rows) {
  const typename Rows::In p(rows, a.probabilities);
  const typename Rows::In t(rows, a.targets);
  const Vector sum = sum_of(rows, t);
  rows.put(a.dlogits, a.accumulate, [&](auto at) CORNU_LAMBDA {
    return hn::Mul(hn::MulSub(p(at), sum, t(at)), constant(a.scale));
  });
}

template <class Rows>
CORNU_INLINE Vector sum_of_clipped(const Rows& rows, const typename Rows::In& x) {
  return rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::Add(lane, Rows::present(at, clip(x(at))));
  });
}

template <class Rows>
CORNU_INLINE void crossentropy_of(const CrossentropyArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.probabilities);
  const typename Rows::In t(rows, a.targets);
  const Vector sum = a.clip_first ? sum_of_clipped(rows, p) : sum_of(rows, p);
  const Vector total = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    const Vector x = p(at, 1);  // not 0 in absent lanes, where 0 / 0 could arise
    const Vector q = a.clip_first ? hn::Div(clip(x), sum) : clip(hn::Div(x, sum));
    return hn::MulAdd(t(at), log(q), lane);
  });
  rows.put_row(a.loss, hn::Sub(constant(0), total));
}

template <class Rows>
CORNU_INLINE void crossentropy_back_of(const CrossentropyBackArgs& a, const Rows& rows) {
  const typename Rows::In p(rows, a.probabilities);
  const typename Rows::In t(rows, a.targets);
  const Vector scale = constant(a.scale);
  if (a.clip_first) {
    const Vector share = hn::Div(sum_of(rows, t), sum_of_clipped(rows, p));
    return rows.put(a.dprobabilities, a.accumulate, [&](auto at) CORNU_LAMBDA {
      const Vector d = hn::Sub(share, hn::Div(t(at), clip(p(at))));
      return inside_clip(p(at), hn::Mul(d, scale));
    });
  }
  const Vector sum = sum_of(rows, p);
  // q = p / sum and d = −(t / q) · scale, 0 outside the clip.
  const auto gradient = [&](auto at, Vector q) CORNU_LAMBDA {
    return inside_clip(q, hn::Mul(hn::Neg(hn::Div(t(at), q)), scale));
  };
  const Vector dot = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    const Vector q = hn::Div(p(at), sum);
    return hn::MulAdd(gradient(at, q), q, lane);
  });
  rows.put(a.dprobabilities, a.accumulate, [&](auto at) CORNU_LAMBDA {
    return hn::Div(hn::Sub(gradient(at, hn::Div(p(at), sum)), dot), sum);
  });
}

inline void softmax(const SoftmaxArgs& a) {
  for_each_row(a.rows, a.cols, [&](const auto& rows) CORNU_LAMBDA { softmax_of(a, rows); });
}

inline void log_softmax(const LogSoftmaxArgs& a) {
  for_each_row(a.rows, a.cols, [&](const auto& rows) CORNU_LAMBDA { log_softmax_of(a, rows); });
}

inline void log_softmax_back(const LogSoftmaxBackArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { log_softmax_back_of(a, rows); });
}

inline void softmax_back(const SoftmaxBackArgs& a) {
  for_each_row(a.rows, a.cols, [&](const auto& rows) CORNU_LAMBDA { softmax_back_of(a, rows); });
}

inline void softmax_crossentropy(const SoftmaxCrossentropyArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { softmax_crossentropy_of(a, rows); });
}

inline void softmax_crossentropy_back(const SoftmaxCrossentropyBackArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { softmax_crossentropy_back_of(a, rows); });
}

inline void crossentropy(const CrossentropyArgs& a) {
  for_each_row(a.rows, a.cols, [&](const auto& rows) CORNU_LAMBDA { crossentropy_of(a, rows); });
}

inline void crossentropy_back(const CrossentropyBackArgs& a) {
  for_each_row(a.rows, a.cols,
               [&](const auto& rows) CORNU_LAMBDA { crossentropy_back_of(a, rows); });
}

constexpr SoftmaxKernelsOf<float> kSoftmaxKernels = {
    .log_softmax = log_softmax,
    .log_softmax_back = log_softmax_back,
    .softmax = softmax,
    .softmax_back = softmax_back,
    .softmax_crossentropy = softmax_crossentropy,
    .softmax_crossentropy_back = softmax_crossentropy_back,
    .crossentropy = crossentropy,
    .crossentropy_back = crossentropy_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_SOFTMAX_INL_H_
