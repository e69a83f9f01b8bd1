// Compiled once a target. Functions of one number, a vector of them at a time. They give equal
// bits on every target and in every float mode (a result below 2⁻¹²⁶ is 0, a NaN stays one); the
// bounds below are asserted by math_test.cc on a sample and by math_long_test.cc on all floats.
// Coefficients are minimax fits (Lawson's weights) rounded to float.

#if defined(CORNU_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_MATH_INL_H_
#undef CORNU_KERNELS_MATH_INL_H_
#else
#define CORNU_KERNELS_MATH_INL_H_
#endif

#include <limits>

#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// eˣ in two parts: x = n·ln 2 + r with |r| ≤ ln 2 / 2, and eʳ − 1.
struct ReducedExp {
  IntegerVector n;
  Vector minus_one;
};

/// For |x| < 128; beyond that the parts mean nothing, but a NaN stays one.
CORNU_INLINE ReducedExp reduced_exp(Vector x) {
  // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits.
  const Vector magic = constant(0x1.8p23F);
  const Vector shifted = hn::MulAdd(x, constant(0x1.715476p0F), magic);
  const Vector n = hn::Sub(shifted, magic);
  // ln 2 in two parts (Cody and Waite 1980); the first has 15 bits, so n times it is exact.
  Vector r = hn::NegMulAdd(n, constant(0x1.62e4p-1F), x);
  r = hn::NegMulAdd(n, constant(0x1.7f7d1cp-20F), r);
  // (eʳ − 1 − r) / r², with an error of 2⁻³⁰ of eʳ − 1.
  Vector q = constant(0x1.9fbe4ap-13F);
  q = hn::MulAdd(q, r, constant(0x1.6d4026p-10F));
  q = hn::MulAdd(q, r, constant(0x1.11121ep-7F));
  q = hn::MulAdd(q, r, constant(0x1.5554f2p-5F));
  q = hn::MulAdd(q, r, constant(0x1.555554p-3F));
  q = hn::MulAdd(q, r, constant(0x1p-1F));
  return {hn::Sub(hn::BitCast(kIntegerTag, shifted), hn::BitCast(kIntegerTag, magic)),
          hn::MulAdd(hn::Mul(r, r), q, r)};
}

/// eˣ for any float, within 1 ulp. Below ln 2⁻¹²⁶, about −87.34, it is 0; above ln FLT_MAX,
/// about 88.72, it is infinite.
CORNU_INLINE Vector exp(Vector x) {
  const ReducedExp parts = reduced_exp(x);
  const Vector mantissa = hn::Add(parts.minus_one, constant(1));
  const Vector scaled =
      hn::BitCast(kTag, hn::Add(hn::BitCast(kIntegerTag, mantissa), hn::ShiftLeft<23>(parts.n)));
  // Both bounds are the last floats whose result is finite and normal. Past them x · FLT_MAX is
  // the infinity wanted above, and keeps NaN.
  const Vector past = hn::IfThenElse(hn::Lt(x, constant(0)), constant(0),
                                     hn::Mul(x, constant(std::numeric_limits<float>::max())));
  const Vector above = hn::IfThenElse(hn::Ge(x, constant(-0x1.5d589ep6F)), scaled, past);
  return hn::IfThenElse(hn::Le(x, constant(0x1.62e42ep6F)), above, past);
}

/// ln x for any float, within 1 ulp. ±0 and denormals give −∞, other negatives NaN.
CORNU_INLINE Vector log(Vector x) {
  // x = 2ᵏ · m with √½ ≤ m < √2.
  const IntegerVector bits = hn::BitCast(kIntegerTag, x);
  const IntegerVector k =
      hn::ShiftRight<23>(hn::Sub(bits, hn::Set(kIntegerTag, 0x3F3504F3)));  // the bits of √½
  const Vector m = hn::BitCast(kTag, hn::Sub(bits, hn::ShiftLeft<23>(k)));
  const Vector f = hn::Sub(m, constant(1));
  // (ln(1 + f) − f) / f² with an error of 2⁻²⁹ of ln(1 + f).
  Vector q = constant(0x1.1462c2p-4F);
  q = hn::MulAdd(q, f, constant(-0x1.de4f4cp-4F));
  q = hn::MulAdd(q, f, constant(0x1.e6f5b2p-4F));
  q = hn::MulAdd(q, f, constant(-0x1.fc1f18p-4F));
  q = hn::MulAdd(q, f, constant(0x1.2336a2p-3F));
  q = hn::MulAdd(q, f, constant(-0x1.555c36p-3F));
  q = hn::MulAdd(q, f, constant(0x1.99a4b6p-3F));
  q = hn::MulAdd(q, f, constant(-0x1.000008p-2F));
  q = hn::MulAdd(q, f, constant(0x1.555548p-2F));
  q = hn::MulAdd(q, f, constant(-0x1p-1F));
  // k·ln 2 + f + f²·q, largest first; what each sum rounds off is kept and added last, because
  // the terms may cancel to half their size.
  const Vector fk = hn::ConvertTo(kTag, k);
  const Vector tail = hn::Mul(hn::Mul(f, f), q);
  const Vector near = hn::Add(f, tail);
  const Vector near_rest = hn::Sub(tail, hn::Sub(near, f));
  const Vector whole = hn::Mul(fk, constant(0x1.62e4p-1F));  // exact: 15 bits by 8
  const Vector sum = hn::Add(whole, near);
  const Vector sum_rest = hn::Sub(near, hn::Sub(sum, whole));
  const Vector rest = hn::MulAdd(fk, constant(0x1.7f7d1cp-20F), hn::Add(near_rest, sum_rest));
  Vector y = hn::Add(sum, rest);

  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kSmallest = std::numeric_limits<float>::min();
  y = hn::IfThenElse(hn::Le(x, constant(std::numeric_limits<float>::max())), y, x);
  y = hn::IfThenElse(hn::Lt(x, constant(kSmallest)), constant(-kInfinity), y);
  return hn::IfThenElse(hn::Le(x, constant(-kSmallest)),
                        constant(std::numeric_limits<float>::quiet_NaN()), y);
}

/// 1 / (1 + e⁻ˣ) for any float, within 2 ulp: eˣ is taken of −|x| alone, so nothing overflows.
/// Below −87.34 it is 0.
CORNU_INLINE Vector sigmoid(Vector x) {
  const Vector e = exp(hn::Neg(hn::Abs(x)));
  const Vector above = hn::IfThenElse(hn::Lt(x, constant(0)), e, constant(1));
  return hn::Div(above, hn::Add(e, constant(1)));
}

/// tanh x for any float, within 2 ulp. A denormal gives 0 or itself, as the float mode has it.
CORNU_INLINE Vector tanh(Vector x) {
  const Vector a = hn::Abs(x);
  // Up to 0.55 x + x³·P(x²), with an error of 2⁻²⁹.
  const Vector square = hn::Mul(a, a);
  Vector p = constant(-0x1.9b2ccep-8F);
  p = hn::MulAdd(p, square, constant(0x1.593c7p-6F));
  p = hn::MulAdd(p, square, constant(-0x1.b9286ap-5F));
  p = hn::MulAdd(p, square, constant(0x1.110d2p-3F));
  p = hn::MulAdd(p, square, constant(-0x1.55554ap-2F));
  const Vector small = hn::MulAdd(hn::Mul(a, square), p, a);
  // Above it −c / (2 + c) with c = e^(−2|x|) − 1. From 9.02 on that is 1 in float; 10 keeps the
  // exponent below in range. NaN is not above 10.
  const Vector bounded = hn::IfThenElse(hn::Gt(a, constant(10)), constant(10), a);
  const ReducedExp parts = reduced_exp(hn::Mul(bounded, constant(-2)));
  const Vector scale =
      hn::BitCast(kTag, hn::ShiftLeft<23>(hn::Add(parts.n, hn::Set(kIntegerTag, 127))));
  const Vector c = hn::MulAdd(scale, parts.minus_one, hn::Sub(scale, constant(1)));
  const Vector large = hn::Div(c, hn::Add(c, constant(2)));
  return hn::CopySign(hn::IfThenElse(hn::Lt(a, constant(0.55F)), small, large), x);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_MATH_INL_H_
