// Compiled once per target. The forms in which the x of a product is stored.

#if defined(CORNU_KERNELS_FORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_KERNELS_FORMS_INL_H_
#undef CORNU_KERNELS_FORMS_INL_H_
#else
#define CORNU_KERNELS_FORMS_INL_H_
#endif

#include "cornu/kernels/product.h"
#include "cornu/kernels/vector-inl.h"

CORNU_BEFORE_TARGET;
namespace cornu::inline v0::kernels::CORNU_TARGET {

/// x, as a tile reads it, in one of five forms. This one: numbers.
template <int kRows>
class Numbers {
 public:
  static constexpr bool kListed = true;   ///< there may be a list of its zeros
  static constexpr bool kChained = true;  ///< y may be the sum of several chains
  CORNU_INLINE Numbers(const ProductArgs& a, int64_t i)
      : at_(a.x + i * a.x_row), row_(a.x_row), col_(a.x_col) {}
  CORNU_INLINE Vector operator()(int64_t r, int64_t k) const {
    return constant(at_[r * row_ + k * col_]);
  }
  /// Prefetches a cache line of each row of the next tile, since rows may lie far apart.
  CORNU_INLINE void ask_for_next(int64_t k) const {
    if (col_ != 1) return;
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) __builtin_prefetch(at_ + (kRows + r) * row_ + k);
  }

 private:
  const float* at_;
  int64_t row_, col_;
};

/// x as bytes that stand for numbers, each row of x contiguous.
template <int kRows>
class Bytes {
 public:
  static constexpr bool kListed = true;
  static constexpr bool kChained = false;
  CORNU_INLINE Bytes(const ProductArgs& a, int64_t i) : decoded_(a.decoded) {
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) at_[r] = a.bytes[i + r] + a.first_byte;
  }
  CORNU_INLINE Vector operator()(int64_t r, int64_t k) const {
    return constant(decoded_[at_[r][k]]);
  }
  CORNU_INLINE void ask_for_next(int64_t) const {}

 private:
  const float* decoded_;
  const uint8_t* at_[kRows];
};

/// x as bytes that stand for numbers, each column of x contiguous.
template <int kRows>
class BytesTransposed {
 public:
  static constexpr bool kListed = true;
  static constexpr bool kChained = true;
  CORNU_INLINE BytesTransposed(const ProductArgs& a, int64_t i)
      : decoded_(a.decoded), at_(a.bytes), first_(a.first_byte + i) {}
  CORNU_INLINE Vector operator()(int64_t r, int64_t k) const {
    return constant(decoded_[at_[k][first_ + r]]);
  }
  CORNU_INLINE void ask_for_next(int64_t) const {}

 private:
  const float* decoded_;
  const uint8_t* const* at_;
  int64_t first_;
};

/// x as windows of images, each row of x a window.
template <int kRows>
class WindowRows {
 public:
  static constexpr bool kListed = false;
  static constexpr bool kChained = false;
  CORNU_INLINE WindowRows(const ProductArgs& a, int64_t i) : element_(a.windows.element) {
    const Windows& w = a.windows;
    int64_t image = 0;
    int64_t at = w.first + i;
    if (at >= w.per_image) {  // a division for each tile would take as long as a seventh of it
      image = at / w.per_image;
      at %= w.per_image;
    }
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) {
      at_[r] = w.images[image] + w.window[at];
      if (++at == w.per_image && r + 1 < kRows) {
        at = 0;
        ++image;
      }
    }
  }
  CORNU_INLINE Vector operator()(int64_t r, int64_t k) const {
    return constant(at_[r][element_[k]]);
  }
  CORNU_INLINE void ask_for_next(int64_t) const {}

 private:
  const float* at_[kRows];
  const int64_t* element_;
};

/// x as windows of images, each column of x a window, whose begins are known.
template <int kRows>
class WindowColumns {
 public:
  static constexpr bool kListed = false;
  static constexpr bool kChained = false;
  CORNU_INLINE WindowColumns(const ProductArgs& a, int64_t i) : at_(a.windows.begins) {
    CORNU_UNROLL
    for (int r = 0; r < kRows; ++r) element_[r] = a.windows.element[i + r];
  }
  CORNU_INLINE Vector operator()(int64_t r, int64_t k) const {
    return constant(at_[k][element_[r]]);
  }
  CORNU_INLINE void ask_for_next(int64_t) const {}

 private:
  const float* const* at_;
  int64_t element_[kRows];
};

}  // namespace cornu::inline v0::kernels::CORNU_TARGET
CORNU_AFTER_TARGET;

#endif  // CORNU_KERNELS_FORMS_INL_H_
