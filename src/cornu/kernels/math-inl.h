// Compiled once per target. Functions of one number, a vector of them at a time. They give equal
// bits on every target and in every float mode (a result below 2⁻¹²⁶ is 0, NaN gives NaN); the
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

/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, and eʳ − 1 as the sum of two parts.
struct PowerParts {
  IntegerVector n;
  Vector large, small;
};

CORNU_INLINE PowerParts power_parts(Vector x) {
  // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits.
  const Vector magic = constant(0x1.8p23F);
  const Vector shifted = hn::MulAdd(x, constant(0x1.715476p0F), magic);
  const Vector n = hn::Sub(shifted, magic);
  // ln 2 in two parts (Cody and Waite 1980); the first has 15 bits, so n times it is exact.
  const Vector ln_2_rest = constant(0x1.7f7d1cp-20F);
  const Vector exact = hn::NegMulAdd(n, constant(0x1.62e4p-1F), x);
  const Vector r = hn::NegMulAdd(n, ln_2_rest, exact);
  // (eʳ − 1 − r) / r², with an error of 2⁻²⁸ of eʳ.
  Vector q = constant(0x1.6b6e18p-10F);
  q = hn::MulAdd(q, r, constant(0x1.122f34p-7F));
  q = hn::MulAdd(q, r, constant(0x1.55568ap-5F));
  q = hn::MulAdd(q, r, constant(0x1.5554a4p-3F));
  q = hn::MulAdd(q, r, constant(0x1p-1F));
  // r + r²·q, with r in its two parts so that its rounding does not count.
  const Vector small = hn::NegMulAdd(n, ln_2_rest, hn::Mul(hn::Mul(r, r), q));
  return {hn::Sub(hn::BitCast(kIntegerTag, shifted), hn::BitCast(kIntegerTag, magic)), exact,
          small};
}

/// x · 2ⁿ where that is normal.
CORNU_INLINE Vector scaled(Vector x, IntegerVector n) {
  return hn::BitCast(kTag, hn::Add(hn::BitCast(kIntegerTag, x), hn::ShiftLeft<23>(n)));
}

/// eˣ within 1 ulp where that is normal and finite. Elsewhere it is meaningless, even for NaN.
CORNU_INLINE Vector scaled_exp(Vector x) {
  const PowerParts p = power_parts(x);
  return scaled(hn::Add(hn::Add(p.large, p.small), constant(1)), p.n);
}

/// eˣ for any float, within 1 ulp. Below ln 2⁻¹²⁶, about −87.34, it is 0; above ln FLT_MAX,
/// about 88.72, it is infinite.
CORNU_INLINE Vector exp(Vector x) {
  const Vector scaled = scaled_exp(x);
  // Both bounds are the last floats whose result is finite and normal. Past the upper one,
  // x · FLT_MAX is infinite; it also keeps NaN.
  const Vector past = hn::IfThenElse(hn::Lt(x, constant(0)), constant(0),
                                     hn::Mul(x, constant(std::numeric_limits<float>::max())));
  const Vector above = hn::IfThenElse(hn::Ge(x, constant(-0x1.5d589ep6F)), scaled, past);
  return hn::IfThenElse(hn::Le(x, constant(0x1.62e42ep6F)), above, past);
}

/// eˣ − 1 for any float, within 2 ulp. A denormal gives 0 or itself, depending on the float mode.
CORNU_INLINE Vector expm1(Vector x) {
  // From −30 down it is −1 in float; from 40 up it is eˣ.
  const PowerParts p = power_parts(hn::IfThenElse(hn::Lt(x, constant(-30)), constant(-30), x));
  const Vector power = scaled(constant(1), p.n);
  const Vector near = hn::MulAdd(power, hn::Add(p.large, p.small), hn::Sub(power, constant(1)));
  return hn::CopySign(hn::IfThenElse(hn::Gt(x, constant(40)), exp(x), near), x);
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
  // k·ln 2 + f + f²·q, largest first; the rounding error of each sum is kept and added last,
  // because the terms may cancel to half their size.
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

/// ln(1 + x) for any float, within 2 ulp. −1 gives −∞, less gives NaN; a denormal gives 0 or
/// itself, depending on the float mode.
CORNU_INLINE Vector log1p(Vector x) {
  // The rounding error of 1 + x is corrected for by the derivative of the logarithm.
  const Vector u = hn::Add(x, constant(1));
  const Vector rest = hn::Div(hn::Sub(x, hn::Sub(u, constant(1))), u);
  const Vector log_u = log(u);
  const Vector near = hn::IfThenElse(hn::Gt(u, constant(0)), hn::Add(log_u, rest), log_u);
  return hn::CopySign(hn::IfThenElse(hn::Gt(x, constant(0x1p60F)), log(x), near), x);
}

/// 1 / (1 + e⁻ˣ) for any float, within 2.5 ulp: only e^−|x| is computed, so nothing overflows.
/// Below −87.34 it is 0.
CORNU_INLINE Vector sigmoid(Vector x) {
  const Vector e = exp(hn::Neg(hn::Abs(x)));
  const Vector above = hn::IfThenElse(hn::Lt(x, constant(0)), e, constant(1));
  return hn::Div(above, hn::Add(e, constant(1)));
}

/// tanh x for any float, within 2 ulp. A denormal gives 0 or itself, depending on the float mode.
CORNU_INLINE Vector tanh(Vector x) {
  const Vector a = hn::Abs(x);
  // Up to 0.55: x + x³·P(x²), with an error of 2⁻²⁹.
  const Vector square = hn::Mul(a, a);
  Vector p = constant(-0x1.9b2ccep-8F);
  p = hn::MulAdd(p, square, constant(0x1.593c7p-6F));
  p = hn::MulAdd(p, square, constant(-0x1.b9286ap-5F));
  p = hn::MulAdd(p, square, constant(0x1.110d2p-3F));
  p = hn::MulAdd(p, square, constant(-0x1.55554ap-2F));
  const Vector small = hn::MulAdd(hn::Mul(a, square), p, a);
  // Above it: 1 − 2·e / (1 + e) with e = e^(−2|x|). From 9.02 on that is 1 in float; 10 keeps the
  // exponent in range.
  const Vector bounded = hn::IfThenElse(hn::Gt(a, constant(10)), constant(10), a);
  const Vector e = scaled_exp(hn::Mul(bounded, constant(-2)));
  const Vector large = hn::NegMulAdd(constant(2), hn::Div(e, hn::Add(e, constant(1))), constant(1));
  // NaN is not above 0.55 either, and `small` keeps it.
  return hn::CopySign(hn::IfThenElse(hn::Gt(a, constant(0.55F)), large, small), x);
}

/// erf x = 2/√π · ∫₀ˣ e^(−t²) dt for any float, within 1 ulp. A denormal gives 0 or itself,
/// depending on the float mode. Coefficients by tools/fit_erf.py.
CORNU_INLINE Vector erf(Vector x) {
  const Vector a = hn::Abs(x);
  // Up to 0.875: x + x·P(x²), with an error of 2⁻²⁹.
  const Vector square = hn::Mul(a, a);
  Vector p = constant(0x1.49fbbcp-14F);
  p = hn::MulAdd(p, square, constant(-0x1.a4d08p-11F));
  p = hn::MulAdd(p, square, constant(0x1.54318ap-8F));
  p = hn::MulAdd(p, square, constant(-0x1.b7ff9p-6F));
  p = hn::MulAdd(p, square, constant(0x1.ce2d5cp-4F));
  p = hn::MulAdd(p, square, constant(-0x1.81274p-2F));
  p = hn::MulAdd(p, square, constant(0x1.06eba8p-3F));
  const Vector small = hn::MulAdd(a, p, a);
  // Above it: 1 − erfc(0.875) · e^(−Q(|x| − 0.875)), with an error of 2⁻²⁹. The difference is
  // exact. From 3.92 on that is 1 in float.
  const Vector join = constant(0.875F);
  const Vector past = hn::Sub(hn::IfThenElse(hn::Gt(a, constant(4)), constant(4), a), join);
  Vector q = constant(-0x1.a3a9eap-13F);
  q = hn::MulAdd(q, past, constant(0x1.0a878cp-9F));
  q = hn::MulAdd(q, past, constant(-0x1.6ed2dap-7F));
  q = hn::MulAdd(q, past, constant(0x1.7fade8p-5F));
  q = hn::MulAdd(q, past, constant(0x1.a73206p-1F));
  q = hn::MulAdd(q, past, constant(0x1.37116ap+1F));
  q = hn::MulAdd(q, past, constant(-0x1.1eadcap-26F));
  const Vector large = hn::NegMulAdd(constant(0x1.ba36dap-3F), scaled_exp(hn::Neg(q)), constant(1));
  // NaN is not above 0.875 either, and `small` keeps it.
  return hn::CopySign(hn::IfThenElse(hn::Gt(a, join), large, small), x);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_MATH_INL_H_
