// Compiled once per target. The losses of kernels/element_loss.h, row by row: `value` of a
// prediction p and its target t, and `slope`, its derivative with respect to p.

#if defined(CORNU_KERNELS_ELEMENT_LOSS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_ELEMENT_LOSS_INL_H_
#undef CORNU_KERNELS_ELEMENT_LOSS_INL_H_
#else
#define CORNU_KERNELS_ELEMENT_LOSS_INL_H_
#endif

#include "cornu/kernels/clip-inl.h"
#include "cornu/kernels/math-inl.h"
#include "cornu/kernels/rows-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// −1, 0 or 1 by the sign; x itself where it is 0 or NaN.
CORNU_INLINE Vector sign_of(Vector x) {
  const Vector below = hn::IfThenElse(hn::Lt(x, constant(0)), constant(-1), x);
  return hn::IfThenElse(hn::Gt(x, constant(0)), constant(1), below);
}

/// max(x, 0), but NaN for NaN.
CORNU_INLINE Vector above_zero(Vector x) {
  return hn::IfThenElse(hn::Lt(x, constant(0)), constant(0), x);
}

struct SquaredError {
  CORNU_INLINE explicit SquaredError(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector d = hn::Sub(p, t);
    return hn::Mul(d, d);
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    const Vector d = hn::Sub(p, t);
    return hn::Add(d, d);
  }
};

struct AbsoluteError {
  CORNU_INLINE explicit AbsoluteError(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const { return hn::Abs(hn::Sub(p, t)); }
  CORNU_INLINE Vector slope(Vector p, Vector t) const { return sign_of(hn::Sub(p, t)); }
};

struct AbsolutePercentageError {
  CORNU_INLINE explicit AbsolutePercentageError(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector share = hn::Div(hn::Sub(p, t), clip_below(hn::Abs(t)));
    return hn::Mul(constant(100), hn::Abs(share));
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    return hn::Mul(sign_of(hn::Sub(p, t)), hn::Div(constant(100), clip_below(hn::Abs(t))));
  }
};

struct SquaredLogarithmicError {
  CORNU_INLINE explicit SquaredLogarithmicError(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector d = difference(p, t);
    return hn::Mul(d, d);
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    const Vector d = difference(p, t);
    const Vector slope = hn::Div(hn::Add(d, d), hn::Add(p, constant(1)));
    return hn::IfThenElse(hn::Lt(p, constant(kClipLow)), constant(0), slope);
  }

 private:
  static CORNU_INLINE Vector difference(Vector p, Vector t) {
    return hn::Sub(log1p(clip_below(p)), log1p(clip_below(t)));
  }
};

class Huber {
 public:
  CORNU_INLINE explicit Huber(const LossFunction& f)
      : delta_(constant(static_cast<float>(f.delta))),
        half_delta_(hn::Mul(constant(0.5F), delta_)) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector d = hn::Sub(p, t);
    const Vector size = hn::Abs(d);
    const Vector near = hn::Mul(hn::Mul(constant(0.5F), d), d);
    const Vector far = hn::Mul(delta_, hn::Sub(size, half_delta_));
    return hn::IfThenElse(hn::Le(size, delta_), near, far);
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    const Vector d = hn::Sub(p, t);
    return hn::IfThenElse(hn::Le(hn::Abs(d), delta_), d, hn::Mul(delta_, sign_of(d)));
  }

 private:
  Vector delta_, half_delta_;
};

/// |d| + log1p((e^(−2|d|) − 1) / 2): no term overflows, and a small d keeps its digits.
struct LogCosh {
  CORNU_INLINE explicit LogCosh(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector size = hn::Abs(hn::Sub(p, t));
    const Vector power = expm1(hn::Mul(constant(-2), size));
    return hn::Add(size, log1p(hn::Mul(constant(0.5F), power)));
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const { return tanh(hn::Sub(p, t)); }
};

struct Hinge {
  CORNU_INLINE explicit Hinge(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    return above_zero(hn::NegMulAdd(signed_label(t), p, constant(1)));
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    const Vector s = signed_label(t);
    const Vector margin = hn::NegMulAdd(s, p, constant(1));
    return hn::IfThenElse(hn::Ge(margin, constant(0)), hn::Neg(s), constant(0));
  }
  static CORNU_INLINE Vector signed_label(Vector t) {
    return hn::IfThenElse(hn::Eq(t, constant(0)), constant(-1), t);
  }
};

struct SquaredHinge {
  CORNU_INLINE explicit SquaredHinge(const LossFunction& f) : hinge_(f) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector margin = hinge_.value(p, t);
    return hn::Mul(margin, margin);
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    return hn::Mul(hn::Mul(constant(-2), Hinge::signed_label(t)), hinge_.value(p, t));
  }

 private:
  Hinge hinge_;
};

struct KlDivergence {
  CORNU_INLINE explicit KlDivergence(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector from = clip(t, 1);
    return hn::Mul(from, log(hn::Div(from, clip(p, 1))));
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    return inside_clip(p, hn::Neg(hn::Div(clip(t, 1), p)), 1);
  }
};

struct Poisson {
  CORNU_INLINE explicit Poisson(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    return hn::NegMulAdd(t, log(hn::Add(p, constant(kClipLow))), p);
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    return hn::Sub(constant(1), hn::Div(t, hn::Add(p, constant(kClipLow))));
  }
};

/// Above the clip log(1 − c) is the constant log ε: 1 − c itself is too coarse.
struct BinaryCrossentropy {
  CORNU_INLINE explicit BinaryCrossentropy(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector p, Vector t) const {
    const Vector c = clip(p);
    const Vector rest =
        hn::IfThenElse(hn::Gt(p, constant(kClipHigh)), constant(-0x1.01e3b8p4F), log1p(hn::Neg(c)));
    const Vector other = hn::Mul(hn::Sub(constant(1), t), rest);
    return hn::Neg(hn::MulAdd(t, log(c), other));
  }
  CORNU_INLINE Vector slope(Vector p, Vector t) const {
    const Vector rest = hn::Div(hn::Sub(constant(1), t), hn::Sub(constant(1), p));
    return inside_clip(p, hn::Sub(rest, hn::Div(t, p)));
  }
};

/// max(z, 0) − z·t + log1p(e^−|z|) of logits z.
struct BinaryCrossentropyOfLogits {
  CORNU_INLINE explicit BinaryCrossentropyOfLogits(const LossFunction&) {}
  CORNU_INLINE Vector value(Vector z, Vector t) const {
    const Vector line = hn::NegMulAdd(z, t, above_zero(z));
    return hn::Add(line, log1p(exp(hn::Neg(hn::Abs(z)))));
  }
  CORNU_INLINE Vector slope(Vector z, Vector t) const { return hn::Sub(sigmoid(z), t); }
};

/// visit(f) with the type of the function, so that the switch runs once for many rows.
template <class Visit>
CORNU_INLINE void with_loss(const LossFunction& f, const Visit& visit) {
  switch (f.kind) {
    case LossFunction::squared_error:
      return visit(SquaredError(f));
    case LossFunction::absolute_error:
      return visit(AbsoluteError(f));
    case LossFunction::absolute_percentage_error:
      return visit(AbsolutePercentageError(f));
    case LossFunction::squared_logarithmic_error:
      return visit(SquaredLogarithmicError(f));
    case LossFunction::huber:
      return visit(Huber(f));
    case LossFunction::log_cosh:
      return visit(LogCosh(f));
    case LossFunction::hinge:
      return visit(Hinge(f));
    case LossFunction::squared_hinge:
      return visit(SquaredHinge(f));
    case LossFunction::kl_divergence:
      return visit(KlDivergence(f));
    case LossFunction::poisson:
      return visit(Poisson(f));
    case LossFunction::binary_crossentropy:
      return visit(BinaryCrossentropy(f));
    case LossFunction::binary_crossentropy_of_logits:
      return visit(BinaryCrossentropyOfLogits(f));
  }
}

template <class Loss, class Rows>
CORNU_INLINE void element_loss_of(const ElementLossArgs& a, const Loss& loss, const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const Vector sum = rows.template reduce<Sum>([&](Vector lane, auto at) CORNU_LAMBDA {
    return hn::Add(lane, Rows::present(at, loss.value(p(at), t(at))));
  });
  const float divisor = a.function.is_mean() ? static_cast<float>(a.cols) : 1;
  rows.put_row(a.loss, hn::Div(sum, constant(divisor)));
}

template <class Loss, class Rows>
CORNU_INLINE void element_loss_back_of(const ElementLossBackArgs& a, const Loss& loss,
                                       const Rows& rows) {
  const typename Rows::In p(rows, a.y_pred);
  const typename Rows::In t(rows, a.y_true);
  const float weight = a.function.is_mean() ? a.scale / static_cast<float>(a.cols) : a.scale;
  rows.put(a.dy_pred, a.accumulate, [&](auto at) CORNU_LAMBDA {
    return hn::Mul(loss.slope(p(at), t(at)), constant(weight));
  });
}

inline void element_loss(const ElementLossArgs& a) {
  with_loss(a.function, [&](const auto& loss) CORNU_LAMBDA {
    for_each_row(a.rows, a.cols,
                 [&](const auto& rows) CORNU_LAMBDA { element_loss_of(a, loss, rows); });
  });
}

inline void element_loss_back(const ElementLossBackArgs& a) {
  with_loss(a.function, [&](const auto& loss) CORNU_LAMBDA {
    for_each_row(a.rows, a.cols,
                 [&](const auto& rows) CORNU_LAMBDA { element_loss_back_of(a, loss, rows); });
  });
}

constexpr ElementLossKernelsOf<float> kElementLossKernels = {
    .element_loss = element_loss,
    .element_loss_back = element_loss_back,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ELEMENT_LOSS_INL_H_
