// Compiled once per target. The functions of kernels/function.h: `value` of x, and `back`, dx from
// dy and the value that the function saves in its forward run, x or y.

#if defined(CORNU_KERNELS_FUNCTIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_FUNCTIONS_INL_H_
#undef CORNU_KERNELS_FUNCTIONS_INL_H_
#else
#define CORNU_KERNELS_FUNCTIONS_INL_H_
#endif

#include "cornu/kernels/math-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

struct Linear {
  CORNU_INLINE explicit Linear(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return x; }
  CORNU_INLINE Vector back(Vector, Vector dy) const { return dy; }
};

/// dx = dy·(y·(1 − y)).
struct Sigmoid {
  CORNU_INLINE explicit Sigmoid(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return sigmoid(x); }
  CORNU_INLINE Vector back(Vector y, Vector dy) const {
    return hn::Mul(dy, hn::Mul(y, hn::Sub(constant(1), y)));
  }
};

/// dx = y > 0 ? dy : 0.
struct Relu {
  CORNU_INLINE explicit Relu(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const {
    return hn::IfThenElse(hn::Le(x, constant(0)), constant(0), x);
  }
  CORNU_INLINE Vector back(Vector y, Vector dy) const {
    return hn::IfThenElse(hn::Gt(y, constant(0)), dy, constant(0));
  }
};

/// dx = dy·(1 − y·y).
struct Tanh {
  CORNU_INLINE explicit Tanh(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return tanh(x); }
  CORNU_INLINE Vector back(Vector y, Vector dy) const {
    return hn::Mul(dy, hn::NegMulAdd(y, y, constant(1)));
  }
};

/// dx = dy·y.
struct Exponential {
  CORNU_INLINE explicit Exponential(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return exp(x); }
  CORNU_INLINE Vector back(Vector y, Vector dy) const { return hn::Mul(dy, y); }
};

/// dx = dy·(y < 0 ? y + a·b : b), as b·a·eˣ = y + a·b.
class Elu {
 public:
  CORNU_INLINE explicit Elu(const Function& f)
      : below_(constant(static_cast<float>(f.a * f.b))),
        above_(constant(static_cast<float>(f.b))) {}
  CORNU_INLINE Vector value(Vector x) const {
    const Vector below = hn::Mul(below_, expm1(x));
    return hn::IfThenElse(hn::Gt(x, constant(0)), hn::Mul(above_, x), below);
  }
  CORNU_INLINE Vector back(Vector y, Vector dy) const {
    const Vector slope = hn::IfThenElse(hn::Lt(y, constant(0)), hn::Add(y, below_), above_);
    return hn::Mul(dy, slope);
  }

 private:
  Vector below_, above_;
};

/// dx = dy where b < x < c, 0 from c on, dy·a up to b.
class Rectifier {
 public:
  CORNU_INLINE explicit Rectifier(const Function& f)
      : is_sloped_(f.a != 0),
        slope_(constant(static_cast<float>(f.a))),
        threshold_(constant(static_cast<float>(f.b))),
        most_(constant(static_cast<float>(f.c))) {}
  CORNU_INLINE Vector value(Vector x) const {
    // Flat, not 0·(x − b), which is NaN for −∞.
    const Vector below = is_sloped_ ? hn::Mul(slope_, hn::Sub(x, threshold_)) : constant(0);
    // + 0 flushes denormals on all targets, since only some instructions for a choice do.
    const Vector above = hn::Add(hn::IfThenElse(hn::Ge(x, most_), most_, x), constant(0));
    return hn::IfThenElse(hn::Le(x, threshold_), below, above);
  }
  CORNU_INLINE Vector back(Vector x, Vector dy) const {
    const Vector above = hn::IfThenElse(hn::Ge(x, most_), constant(0), dy);
    return hn::IfThenElse(hn::Le(x, threshold_), hn::Mul(dy, slope_), above);
  }

 private:
  bool is_sloped_;
  Vector slope_, threshold_, most_;
};

/// Hendrycks and Gimpel 2016. dx = dy·(Φ(x) + x·φ(x)), φ the normal density, Φ its integral.
struct Gelu {
  CORNU_INLINE explicit Gelu(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return hn::Mul(x, share(x)); }
  CORNU_INLINE Vector back(Vector x, Vector dy) const {
    const Vector density =
        hn::Mul(exp(hn::Mul(hn::Mul(x, x), constant(-0.5F))), constant(0x1.988454p-2F));  // 1/√2π
    return hn::Mul(dy, hn::MulAdd(x, density, share(x)));
  }

 private:
  static CORNU_INLINE Vector share(Vector x) {
    const Vector e = erf(hn::Mul(x, constant(0x1.6a09e6p-1F)));  // √½
    return hn::MulAdd(e, constant(0.5F), constant(0.5F));
  }
};

/// dx = dy·(s·(1 + x·(1 − s))), s = sigmoid(x).
struct Silu {
  CORNU_INLINE explicit Silu(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return hn::Mul(x, sigmoid(x)); }
  CORNU_INLINE Vector back(Vector x, Vector dy) const {
    const Vector s = sigmoid(x);
    const Vector rise = hn::MulAdd(x, hn::Sub(constant(1), s), constant(1));
    return hn::Mul(dy, hn::Mul(s, rise));
  }
};

/// y = (x > 0 ? x : 0) + log1p(e^−|x|); dx = dy·sigmoid(x).
struct Softplus {
  CORNU_INLINE explicit Softplus(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const {
    const Vector above = hn::IfThenElse(hn::Gt(x, constant(0)), x, constant(0));
    return hn::Add(above, log1p(exp(hn::Neg(hn::Abs(x)))));
  }
  CORNU_INLINE Vector back(Vector x, Vector dy) const { return hn::Mul(dy, sigmoid(x)); }
};

/// dx = dy / (1 + |x|)².
struct Softsign {
  CORNU_INLINE explicit Softsign(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return hn::Div(x, width(x)); }
  CORNU_INLINE Vector back(Vector x, Vector dy) const {
    return hn::Div(hn::Div(dy, width(x)), width(x));
  }

 private:
  static CORNU_INLINE Vector width(Vector x) { return hn::Add(constant(1), hn::Abs(x)); }
};

/// dx = dy / x.
struct Logarithm {
  CORNU_INLINE explicit Logarithm(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return log(x); }
  CORNU_INLINE Vector back(Vector x, Vector dy) const { return hn::Div(dy, x); }
};

/// dx = dy / (y + y).
struct SquareRoot {
  CORNU_INLINE explicit SquareRoot(const Function&) {}
  CORNU_INLINE Vector value(Vector x) const { return hn::Sqrt(x); }
  CORNU_INLINE Vector back(Vector y, Vector dy) const { return hn::Div(dy, hn::Add(y, y)); }
};

/// dx = dy where b ≤ x ≤ c, else 0.
class Clip {
 public:
  CORNU_INLINE explicit Clip(const Function& f)
      : least_(constant(static_cast<float>(f.b))), most_(constant(static_cast<float>(f.c))) {}
  CORNU_INLINE Vector value(Vector x) const {
    // + 0 flushes denormals on all targets, since only some instructions for a choice do.
    const Vector below = hn::IfThenElse(hn::Gt(x, most_), most_, x);
    return hn::Add(hn::IfThenElse(hn::Lt(x, least_), least_, below), constant(0));
  }
  CORNU_INLINE Vector back(Vector x, Vector dy) const {
    const Vector below = hn::IfThenElse(hn::Gt(x, most_), constant(0), dy);
    return hn::Add(hn::IfThenElse(hn::Lt(x, least_), constant(0), below), constant(0));
  }

 private:
  Vector least_, most_;
};

/// visit(f) with the type of the function, so that the switch runs once for many numbers.
template <class Visit>
CORNU_INLINE void with_function(const Function& f, const Visit& visit) {
  switch (f.kind) {
    case Function::linear:
      return visit(Linear(f));
    case Function::sigmoid:
      return visit(Sigmoid(f));
    case Function::relu:
      return visit(Relu(f));
    case Function::tanh:
      return visit(Tanh(f));
    case Function::exponential:
      return visit(Exponential(f));
    case Function::elu:
      return visit(Elu(f));
    case Function::rectifier:
      return visit(Rectifier(f));
    case Function::gelu:
      return visit(Gelu(f));
    case Function::silu:
      return visit(Silu(f));
    case Function::softplus:
      return visit(Softplus(f));
    case Function::softsign:
      return visit(Softsign(f));
    case Function::log:
      return visit(Logarithm(f));
    case Function::sqrt:
      return visit(SquareRoot(f));
    case Function::clip:
      return visit(Clip(f));
  }
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_FUNCTIONS_INL_H_
