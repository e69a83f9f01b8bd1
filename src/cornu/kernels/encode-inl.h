// Compiled once per target. Bytes become the floats that they stand for, and these the bytes.

#if defined(CORNU_KERNELS_ENCODE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_ENCODE_INL_H_
#undef CORNU_KERNELS_ENCODE_INL_H_
#else
#define CORNU_KERNELS_ENCODE_INL_H_
#endif

#include "cornu/kernels/scalar_internal.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

inline void decode(const DecodeArgs& a) {
#ifndef CORNU_PORTABLE
  if (a.dtype == DType::uint8 && a.size >= kLanes) {
    const hn::Rebind<uint8_t, Tag> byte_tag;
    const auto* const x = static_cast<const uint8_t*>(a.x);
    const Vector divisor = constant(a.divisor);
    const Vector offset = constant(a.offset);
    const auto decode_at = [&](int64_t i) CORNU_LAMBDA {
      const auto bytes = hn::LoadU(byte_tag, x + i);
      const Vector whole = hn::ConvertTo(kTag, hn::PromoteTo(kIntegerTag, bytes));
      hn::StoreU(hn::Div(hn::Sub(whole, offset), divisor), kTag, a.y + i);
    };
    for (int64_t i = 0; i + kLanes <= a.size; i += kLanes) decode_at(i);
    return decode_at(a.size - kLanes);
  }
#endif
  kernels::decode<float>(a);
}

inline bool encode(const EncodeArgs& a) {
  int64_t i = 0;
#ifndef CORNU_PORTABLE
  const hn::Rebind<uint8_t, Tag> byte_tag;
  const Vector divisor = constant(a.divisor);
  const Vector offset = constant(a.offset);
  const Vector half = constant(0.5F);
  // The bits in which an element differs from what its byte stands for.
  IntegerVector differences = hn::Zero(kIntegerTag);
  for (; i + kLanes <= a.size; i += kLanes) {
    const Vector x = hn::LoadU(kTag, a.x + i);
    // Bytes saturate, so what lies beyond them differs.
    const Vector scaled = hn::Add(hn::Add(hn::Mul(x, divisor), offset), half);
    const IntegerVector byte = hn::ConvertTo(kIntegerTag, scaled);
    const auto stored = hn::DemoteTo(byte_tag, byte);
    hn::StoreU(stored, byte_tag, a.y + i);
    const Vector whole = hn::ConvertTo(kTag, hn::PromoteTo(kIntegerTag, stored));
    const Vector decoded = hn::Div(hn::Sub(whole, offset), divisor);
    differences = hn::Or(differences,
                         hn::Xor(hn::BitCast(kIntegerTag, decoded), hn::BitCast(kIntegerTag, x)));
  }
  if (!hn::AllTrue(kIntegerTag, hn::Eq(differences, hn::Zero(kIntegerTag)))) return false;
#endif
  return kernels::encode<float>({a.x + i, a.y + i, a.size - i, a.divisor, a.offset});
}

constexpr EncodeKernelsOf<float> kEncodeKernels = {
    .decode = decode,
    .encode = encode,
    .one_hot = kernels::one_hot<float>,
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_ENCODE_INL_H_
