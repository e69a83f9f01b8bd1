// Compiled once per target: see vector_targets.cc and portable_target.cc. The names that all
// kernels are written in, on every target: `hn` is Highway, or plain C++ for portable.

#if defined(CORNU_KERNELS_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_VECTOR_INL_H_
#undef CORNU_KERNELS_VECTOR_INL_H_
#else
#define CORNU_KERNELS_VECTOR_INL_H_
#endif

#include <cstdint>
#include <type_traits>

#include "cornu/kernels/table.h"

#ifdef CORNU_PORTABLE
#include "cornu/kernels/portable_vector-inl.h"
#else
#include "hwy/highway.h"
#endif

#undef CORNU_TARGET
#undef CORNU_BEFORE_TARGET
#undef CORNU_AFTER_TARGET
#undef CORNU_LAMBDA
#undef CORNU_HAS_MASKED_MEMORY
#ifdef CORNU_PORTABLE
#define CORNU_TARGET portable
#define CORNU_BEFORE_TARGET static_assert(true)
#define CORNU_AFTER_TARGET static_assert(true)
#define CORNU_LAMBDA __attribute__((always_inline))
#define CORNU_HAS_MASKED_MEMORY 0
#else
#define CORNU_TARGET HWY_NAMESPACE
#define CORNU_BEFORE_TARGET HWY_BEFORE_NAMESPACE()
#define CORNU_AFTER_TARGET HWY_AFTER_NAMESPACE()
#define CORNU_LAMBDA HWY_ATTR __attribute__((always_inline))
// Highway's masked load reads all lanes on NEON, and so past the end.
#define CORNU_HAS_MASKED_MEMORY (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2)
#endif

#undef CORNU_INLINE
#define CORNU_INLINE inline __attribute__((always_inline))
#undef CORNU_UNROLL
#ifdef __clang__
#define CORNU_UNROLL _Pragma("unroll")
#else
#define CORNU_UNROLL _Pragma("GCC unroll 16")
#endif

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

#ifdef CORNU_PORTABLE
namespace hn = ::cornu::v0::kernels::portable;
using Tag = hn::FloatTag;
using IntegerTag = hn::IntegerTag;
using Vector = hn::Floats;
using IntegerVector = hn::Integers;
constexpr int64_t kLanes = 4;
#else
namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using IntegerTag = hn::RebindToSigned<Tag>;
using Vector = hn::Vec<Tag>;
using IntegerVector = hn::Vec<IntegerTag>;
constexpr int64_t kLanes = hn::MaxLanes(Tag());
#endif

constexpr Tag kTag;
constexpr IntegerTag kIntegerTag;

CORNU_INLINE Vector constant(float value) {
  return hn::Set(kTag, value);
}

/// a·b + c in an innermost loop, where `portable` must not call a function.
CORNU_INLINE Vector multiply_add(Vector a, Vector b, Vector c) {
#ifdef CORNU_PORTABLE
  return hn::MulAddInPlace(a, b, c);
#else
  return hn::MulAdd(a, b, c);
#endif
}

/// The first `count` lanes from `from`, `absent` in the others; reads nothing past them.
CORNU_INLINE Vector load(const float* from, int64_t count, float absent = 0) {
  if (count == kLanes) return hn::LoadU(kTag, from);
#if CORNU_HAS_MASKED_MEMORY
  const auto mask = hn::FirstN(kTag, static_cast<size_t>(count));
  return hn::IfThenElse(mask, hn::MaskedLoad(mask, kTag, from), constant(absent));
#else
  float lanes[kLanes];
  for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] = lane < count ? from[lane] : absent;
  return hn::LoadU(kTag, lanes);
#endif
}

/// Loads the first `count` lanes, 0 in the others, or stores them, as often as wanted.
class FirstLanes {
 public:
#if CORNU_HAS_MASKED_MEMORY
  HWY_ATTR CORNU_INLINE explicit FirstLanes(int64_t count)
      : mask_(hn::FirstN(kTag, static_cast<size_t>(count))) {}
  HWY_ATTR CORNU_INLINE Vector operator()(const float* from) const {
    return hn::MaskedLoad(mask_, kTag, from);
  }

 private:
  hn::Mask<Tag> mask_;
#else
  CORNU_INLINE explicit FirstLanes(int64_t count) : count_(count) {}
  CORNU_INLINE Vector operator()(const float* from) const {
    return load(from, count_);
  }

 private:
  int64_t count_;
#endif
};

/// Stores the first `count` lanes and touches nothing past them.
CORNU_INLINE void store(Vector value, float* to, int64_t count) {
  if (count == kLanes) return hn::StoreU(value, kTag, to);
#if CORNU_HAS_MASKED_MEMORY
  hn::BlendedStore(value, hn::FirstN(kTag, static_cast<size_t>(count)), kTag, to);
#else
  float lanes[kLanes];
  hn::StoreU(value, kTag, lanes);
  for (int64_t lane = 0; lane < count; ++lane) to[lane] = lanes[lane];
#endif
}

/// The first `count` lanes of `value`, 0 in the others.
CORNU_INLINE Vector first(Vector value, int64_t count) {
  if (count == kLanes) return value;
  float lanes[kLanes];
  store(value, lanes, count);
  return load(lanes, count);
}

/// f(i, count) for each vector of `size` elements; count is kLanes except for a last, partial one.
template <class F>
CORNU_INLINE void for_each_vector(int64_t size, const F& f) {
  int64_t i = 0;
  for (; i + kLanes <= size; i += kLanes) f(i, kLanes);
  if (i < size) f(i, size - i);
}

/// Stores `value` to the first `count` of `to`, or adds it to them.
CORNU_INLINE void assign_or_add(Vector value, float* to, int64_t count, bool accumulate) {
  store(accumulate ? hn::Add(load(to, count), value) : value, to, count);
}

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_VECTOR_INL_H_
