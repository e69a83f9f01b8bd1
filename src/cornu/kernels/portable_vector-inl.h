#pragma once

// Vectors of four floats, with Highway's names for the operations that the kernels use: the target
// `portable` computes with them where other targets use Highway. Plain arithmetic on the compilers'
// generic vectors, which become the CPU's baseline instructions.

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#define CORNU_OP inline __attribute__((always_inline))

namespace cornu::inline v0::kernels::portable {

using Floats = float __attribute__((vector_size(16)));
using HalfFloats = float __attribute__((vector_size(8)));
using Signed = int32_t __attribute__((vector_size(16)));
using Unsigned = uint32_t __attribute__((vector_size(16)));
using Doubles = double __attribute__((vector_size(16)));
using Words = uint64_t __attribute__((vector_size(16)));

/// Integers in two's complement; unsigned because they must wrap.
struct Integers {
  Unsigned lanes;
};
/// All bits of a lane set, or none.
struct Mask {
  Signed lanes;
};

struct FloatTag {};
struct IntegerTag {};

CORNU_OP Floats Set(FloatTag, float value) {
  return Floats{value, value, value, value};
}
CORNU_OP Integers Set(IntegerTag, int32_t value) {
  const auto bits = static_cast<uint32_t>(value);
  return {Unsigned{bits, bits, bits, bits}};
}
CORNU_OP Floats Zero(FloatTag) {
  return Floats{};
}
CORNU_OP Floats LoadU(FloatTag, const float* from) {
  Floats a;
  std::memcpy(&a, from, sizeof(a));
  return a;
}
CORNU_OP void StoreU(Floats a, FloatTag, float* to) {
  std::memcpy(to, &a, sizeof(a));
}

/// The even lanes of `low`, then those of `high`; and the odd ones.
CORNU_OP Floats ConcatEven(FloatTag, Floats high, Floats low) {
  return __builtin_shufflevector(low, high, 0, 2, 4, 6);
}
CORNU_OP Floats ConcatOdd(FloatTag, Floats high, Floats low) {
  return __builtin_shufflevector(low, high, 1, 3, 5, 7);
}

CORNU_OP Floats Add(Floats a, Floats b) {
  return a + b;
}
CORNU_OP Floats Sub(Floats a, Floats b) {
  return a - b;
}
CORNU_OP Floats Mul(Floats a, Floats b) {
  return a * b;
}
CORNU_OP Floats Div(Floats a, Floats b) {
  return a / b;
}
CORNU_OP Floats Sqrt(Floats a) {
  return Floats{std::sqrt(a[0]), std::sqrt(a[1]), std::sqrt(a[2]), std::sqrt(a[3])};
}

CORNU_OP Integers BitCast(IntegerTag, Floats a) {
  return {std::bit_cast<Unsigned>(a)};
}
CORNU_OP Floats BitCast(FloatTag, Integers a) {
  return std::bit_cast<Floats>(a.lanes);
}
CORNU_OP Floats ConvertTo(FloatTag, Integers a) {
  return __builtin_convertvector(std::bit_cast<Signed>(a.lanes), Floats);
}

CORNU_OP Floats Neg(Floats a) {
  return std::bit_cast<Floats>(std::bit_cast<Unsigned>(a) ^ 0x80000000U);
}
CORNU_OP Floats Abs(Floats a) {
  return std::bit_cast<Floats>(std::bit_cast<Unsigned>(a) & 0x7FFFFFFFU);
}
CORNU_OP Floats CopySign(Floats magnitude, Floats sign) {
  return std::bit_cast<Floats>((std::bit_cast<Unsigned>(magnitude) & 0x7FFFFFFFU) |
                               (std::bit_cast<Unsigned>(sign) & 0x80000000U));
}

/// Two lanes of MulAdd. The product is exact in double; TwoSum (Knuth) gives the sum and its
/// error; the sum is rounded to odd, so that rounding it again, to float, is right (Boldo and
/// Melquiond 2008). Written out because libm's fma is slow on a CPU without that instruction.
CORNU_OP Doubles odd_fma(Doubles a, Doubles b, Doubles c) {
  const Doubles product = a * b;
  const Doubles sum = product + c;
  const Doubles rest = sum - product;
  const Doubles error = (product - (sum - rest)) + (c - rest);
  // Toward zero, then the last bit set where anything was lost. A NaN error, which is neither
  // below nor above 0, comes from an infinite or NaN sum, which is left unchanged.
  const Words lost = std::bit_cast<Words>((error < 0) | (error > 0)) >> 63;
  const auto sum_bits = std::bit_cast<Words>(sum);
  const Words away = (sum_bits ^ std::bit_cast<Words>(error)) >> 63;
  return std::bit_cast<Doubles>((sum_bits - (lost & away)) | lost);
}

CORNU_OP Doubles low(Floats a) {
  return __builtin_convertvector(__builtin_shufflevector(a, a, 0, 1), Doubles);
}
CORNU_OP Doubles high(Floats a) {
  return __builtin_convertvector(__builtin_shufflevector(a, a, 2, 3), Doubles);
}

/// a·b + c, rounded once. Converted by halves, not lane by lane: g++ 12 drops the conversion of
/// single lanes if the vector made of them is widened again.
CORNU_OP Floats MulAddInPlace(Floats a, Floats b, Floats c) {
  const Doubles y_low = odd_fma(low(a), low(b), low(c));
  const Doubles y_high = odd_fma(high(a), high(b), high(c));
  return __builtin_shufflevector(__builtin_convertvector(y_low, HalfFloats),
                                 __builtin_convertvector(y_high, HalfFloats), 0, 1, 2, 3);
}
/// MulAddInPlace as a function: its thirty instructions inlined at each multiply-add of the kernels
/// would take three times as long to compile.
__attribute__((noinline)) inline Floats MulAdd(Floats a, Floats b, Floats c) {
  return MulAddInPlace(a, b, c);
}
CORNU_OP Floats NegMulAdd(Floats a, Floats b, Floats c) {
  return MulAdd(Neg(a), b, c);
}
CORNU_OP Floats MulSub(Floats a, Floats b, Floats c) {
  return MulAdd(a, b, Neg(c));
}

CORNU_OP Mask Lt(Floats a, Floats b) {
  return {std::bit_cast<Signed>(a < b)};
}
CORNU_OP Mask Le(Floats a, Floats b) {
  return {std::bit_cast<Signed>(a <= b)};
}
CORNU_OP Mask Gt(Floats a, Floats b) {
  return {std::bit_cast<Signed>(a > b)};
}
CORNU_OP Mask Ge(Floats a, Floats b) {
  return {std::bit_cast<Signed>(a >= b)};
}
CORNU_OP Mask Eq(Floats a, Floats b) {
  return {std::bit_cast<Signed>(a == b)};
}
CORNU_OP Mask Or(Mask a, Mask b) {
  return {a.lanes | b.lanes};
}
CORNU_OP Mask Not(Mask a) {
  return {~a.lanes};
}
CORNU_OP Floats IfThenElse(Mask mask, Floats yes, Floats no) {
  return std::bit_cast<Floats>((mask.lanes & std::bit_cast<Signed>(yes)) |
                               (~mask.lanes & std::bit_cast<Signed>(no)));
}

/// Of two numbers, neither of them NaN.
CORNU_OP Floats Max(Floats a, Floats b) {
  return IfThenElse(Gt(a, b), a, b);
}
CORNU_OP bool AllTrue(FloatTag, Mask mask) {
  return (mask.lanes[0] & mask.lanes[1] & mask.lanes[2] & mask.lanes[3]) != 0;
}

CORNU_OP Integers Add(Integers a, Integers b) {
  return {a.lanes + b.lanes};
}
CORNU_OP Integers Sub(Integers a, Integers b) {
  return {a.lanes - b.lanes};
}
template <int kBits>
CORNU_OP Integers ShiftLeft(Integers a) {
  return {a.lanes << kBits};
}
template <int kBits>
CORNU_OP Integers ShiftRight(Integers a) {
  return {std::bit_cast<Unsigned>(std::bit_cast<Signed>(a.lanes) >> kBits)};
}

}  // namespace cornu::inline v0::kernels::portable

#undef CORNU_OP
