// Compiled once a target. Softmax and the cross-entropies, row by row.

#if defined(CORNU_KERNELS_SOFTMAX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_SOFTMAX_INL_H_
#undef CORNU_KERNELS_SOFTMAX_INL_H_
#else
#define CORNU_KERNELS_SOFTMAX_INL_H_
#endif

#include "cornu/kernels/math-inl.h"
#include "cornu/kernels/rows-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

CORNU_INLINE float sum_of_row(const float* row, int64_t cols) {
  return row_sum(cols, [&](Vector lanes, int64_t j, int64_t count)
                           CORNU_LAMBDA { return hn::Add(lanes, load(row + j, count)); });
}

inline void softmax(const SoftmaxArgs& a) {
  for (int64_t i = 0; i < a.rows; ++i) {
    const float* x = a.x + i * a.cols;
    float* y = a.y + i * a.cols;
    const float largest = row_max(x, a.cols);
    const float sum = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector shifted =
          hn::Sub(load(x + j, count, -std::numeric_limits<float>::infinity()), constant(largest));
      const Vector e = exp(shifted);  // 0 in absent lanes
      store(e, y + j, count);
      return hn::Add(lanes, e);
    });
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      store(hn::Div(load(y + j, count), constant(sum)), y + j, count);
    });
  }
}

inline void softmax_back(const SoftmaxBackArgs& a) {
  for (int64_t i = 0; i < a.rows; ++i) {
    const float* y = a.y + i * a.cols;
    const float* dy = a.dy + i * a.cols;
    float* dx = a.dx + i * a.cols;
    const float sum = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      return hn::MulAdd(load(dy + j, count), load(y + j, count), lanes);
    });
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector v = hn::Mul(load(y + j, count), hn::Sub(load(dy + j, count), constant(sum)));
      assign_or_add(v, dx + j, count, a.accumulate);
    });
  }
}

inline void softmax_crossentropy(const SoftmaxCrossentropyArgs& a) {
  constexpr float kLowest = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < a.rows; ++i) {
    const float* z = a.logits + i * a.cols;
    const float* t = a.targets + i * a.cols;
    const float largest = row_max(z, a.cols);
    const float sum = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      return hn::Add(lanes, exp(hn::Sub(load(z + j, count, kLowest), constant(largest))));
    });
    const Vector log_sum = log(constant(sum));
    // log Σ + (max − z), so that a large max swallows nothing. Where t is 0 the term is left
    // out: a logit of −∞ masks its class, and 0 · ∞ would be NaN.
    const float loss = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector target = load(t + j, count);
      const Vector term = hn::Add(log_sum, hn::Sub(constant(largest), load(z + j, count)));
      return hn::IfThenElse(hn::Eq(target, constant(0)), lanes, hn::MulAdd(target, term, lanes));
    });
    a.loss[i] = loss;
  }
}

/// (p·Σt − t) as one fma, times scale.
inline void softmax_crossentropy_back(const SoftmaxCrossentropyBackArgs& a) {
  for (int64_t i = 0; i < a.rows; ++i) {
    const float* p = a.probabilities + i * a.cols;
    const float* t = a.targets + i * a.cols;
    float* dz = a.dlogits + i * a.cols;
    const float sum = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      return hn::Add(lanes, load(t + j, count));
    });
    for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector d = hn::MulSub(load(p + j, count), constant(sum), load(t + j, count));
      assign_or_add(hn::Mul(d, constant(a.scale)), dz + j, count, a.accumulate);
    });
  }
}

constexpr float kClipLow = 1e-7F;
constexpr float kClipHigh = 1.0F - 1e-7F;

/// min(max(p, low), high), but a NaN stays one.
CORNU_INLINE Vector clip(Vector p) {
  p = hn::IfThenElse(hn::Lt(p, constant(kClipLow)), constant(kClipLow), p);
  return hn::IfThenElse(hn::Gt(p, constant(kClipHigh)), constant(kClipHigh), p);
}

/// `d`, but 0 where p is outside the clip.
CORNU_INLINE Vector inside_clip(Vector p, Vector d) {
  d = hn::IfThenElse(hn::Lt(p, constant(kClipLow)), constant(0), d);
  return hn::IfThenElse(hn::Gt(p, constant(kClipHigh)), constant(0), d);
}

CORNU_INLINE float sum_of_clipped(const float* row, int64_t cols) {
  return row_sum(cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
    return hn::Add(lanes, first(clip(load(row + j, count)), count));
  });
}

inline void crossentropy(const CrossentropyArgs& a) {
  for (int64_t i = 0; i < a.rows; ++i) {
    const float* p = a.probabilities + i * a.cols;
    const float* t = a.targets + i * a.cols;
    const Vector sum = constant(a.clip_first ? sum_of_clipped(p, a.cols) : sum_of_row(p, a.cols));
    const float total = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
      const Vector x = load(p + j, count);
      const Vector q = a.clip_first ? hn::Div(clip(x), sum) : clip(hn::Div(x, sum));
      return hn::MulAdd(load(t + j, count), log(q), lanes);
    });
    a.loss[i] = 0 - total;
  }
}

/// q = p / sum and d = −(t / q) · scale, 0 outside the clip.
struct ClippedGradient {
  Vector q;
  Vector d;
};
CORNU_INLINE ClippedGradient clipped_gradient(Vector p, Vector t, Vector sum, Vector scale) {
  const Vector q = hn::Div(p, sum);
  return {q, inside_clip(q, hn::Mul(hn::Neg(hn::Div(t, q)), scale))};
}

inline void crossentropy_back_row(const CrossentropyBackArgs& a, const float* p, const float* t,
                                  float* dp) {
  const Vector sum = constant(sum_of_row(p, a.cols));
  const Vector scale = constant(a.scale);
  const float dot = row_sum(a.cols, [&](Vector lanes, int64_t j, int64_t count) CORNU_LAMBDA {
    const ClippedGradient g = clipped_gradient(load(p + j, count), load(t + j, count), sum, scale);
    return hn::MulAdd(g.d, g.q, lanes);
  });
  for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
    const ClippedGradient g = clipped_gradient(load(p + j, count), load(t + j, count), sum, scale);
    const Vector v = hn::Div(hn::Sub(g.d, constant(dot)), sum);
    assign_or_add(v, dp + j, count, a.accumulate);
  });
}

inline void crossentropy_back_row_clip_first(const CrossentropyBackArgs& a, const float* p,
                                             const float* t, float* dp) {
  const float share = sum_of_row(t, a.cols) / sum_of_clipped(p, a.cols);
  for_each_vector(a.cols, [&](int64_t j, int64_t count) CORNU_LAMBDA {
    const Vector x = load(p + j, count);
    const Vector d = hn::Sub(constant(share), hn::Div(load(t + j, count), clip(x)));
    const Vector v = inside_clip(x, hn::Mul(d, constant(a.scale)));
    assign_or_add(v, dp + j, count, a.accumulate);
  });
}

inline void crossentropy_back(const CrossentropyBackArgs& a) {
  const auto row = a.clip_first ? crossentropy_back_row_clip_first : crossentropy_back_row;
  for (int64_t i = 0; i < a.rows; ++i) {
    row(a, a.probabilities + i * a.cols, a.targets + i * a.cols, a.dprobabilities + i * a.cols);
  }
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_SOFTMAX_INL_H_
