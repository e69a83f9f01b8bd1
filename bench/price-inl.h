// Compiled once per target. Kernels that break the rules of docs/determinism.md, for price.cc
// alone.

#if defined(CORNU_BENCH_PRICE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef CORNU_BENCH_PRICE_INL_H_
#undef CORNU_BENCH_PRICE_INL_H_
#else
#define CORNU_BENCH_PRICE_INL_H_
#endif

#include <cstdint>
#include <span>

#include "cornu/kernels/table.h"
#include "hwy/highway.h"

#ifndef CORNU_BENCH_PRICE_TYPES_
#define CORNU_BENCH_PRICE_TYPES_

namespace cornu::bench {

/// y = x · w with both factors in every layout that a kernel may ask for.
struct Product {
  const float* x;
  int64_t x_row, x_col;
  const float* x_by_row;     ///< [rows][depth]
  const float* w;            ///< [depth][cols]
  const float* w_by_column;  ///< [cols][depth]
  float* y;                  ///< [rows][cols]
  int64_t rows, cols, depth;
};

struct ProductKernel {
  const char* tile;
  bool (*fits)(const Product&);
  void (*run)(const Product&);
};

}  // namespace cornu::bench

#endif

HWY_BEFORE_NAMESPACE();
namespace cornu::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;
constexpr Tag kTag;
constexpr int64_t kLanes = hn::MaxLanes(Tag());

#ifdef __clang__
#define CORNU_BENCH_UNROLL _Pragma("unroll")
#else
#define CORNU_BENCH_UNROLL _Pragma("GCC unroll 16")
#endif

/// Lanes along columns, kChains chains per output: chain s takes the k that are s modulo kChains.
template <int kRows, int kVectors, int kChains>
void chains(const Product& p) {
  const auto last = hn::FirstN(kTag, static_cast<size_t>((p.cols - 1) % kLanes + 1));
  for (int64_t j = 0; j < p.cols; j += kVectors * kLanes) {
    for (int64_t i = 0; i < p.rows; i += kRows) {
      Vector sums[kChains][kRows][kVectors];
      CORNU_BENCH_UNROLL
      for (int s = 0; s < kChains; ++s) {
        CORNU_BENCH_UNROLL
        for (int r = 0; r < kRows; ++r) {
          CORNU_BENCH_UNROLL
          for (int c = 0; c < kVectors; ++c) sums[s][r][c] = hn::Zero(kTag);
        }
      }
      const float* x = p.x + i * p.x_row;
      for (int64_t k = 0; k < p.depth; k += kChains) {
        CORNU_BENCH_UNROLL
        for (int s = 0; s < kChains; ++s) {
          const float* w = p.w + (k + s) * p.cols + j;
          Vector row[kVectors];
          CORNU_BENCH_UNROLL
          for (int c = 0; c < kVectors; ++c) {
            row[c] = c + 1 < kVectors || p.cols % kLanes == 0
                         ? hn::LoadU(kTag, w + c * kLanes)
                         : hn::MaskedLoad(last, kTag, w + c * kLanes);
          }
          CORNU_BENCH_UNROLL
          for (int r = 0; r < kRows; ++r) {
            const Vector factor = hn::Set(kTag, x[r * p.x_row + (k + s) * p.x_col]);
            CORNU_BENCH_UNROLL
            for (int c = 0; c < kVectors; ++c) {
              sums[s][r][c] = hn::MulAdd(factor, row[c], sums[s][r][c]);
            }
          }
        }
      }
      CORNU_BENCH_UNROLL
      for (int r = 0; r < kRows; ++r) {
        CORNU_BENCH_UNROLL
        for (int c = 0; c < kVectors; ++c) {
          Vector sum = sums[0][r][c];
          for (int s = 1; s < kChains; ++s) sum = hn::Add(sum, sums[s][r][c]);
          float* y = p.y + (i + r) * p.cols + j + c * kLanes;
          if (c + 1 < kVectors || p.cols % kLanes == 0) {
            hn::StoreU(sum, kTag, y);
          } else {
            hn::BlendedStore(sum, last, kTag, y);
          }
        }
      }
    }
  }
}

/// Lanes along k, folded at the end.
template <int kRows, int kCols>
void dots(const Product& p) {
  for (int64_t j = 0; j < p.cols; j += kCols) {
    for (int64_t i = 0; i < p.rows; i += kRows) {
      Vector sums[kRows][kCols];
      CORNU_BENCH_UNROLL
      for (int r = 0; r < kRows; ++r) {
        CORNU_BENCH_UNROLL
        for (int c = 0; c < kCols; ++c) sums[r][c] = hn::Zero(kTag);
      }
      const float* x = p.x_by_row + i * p.depth;
      const float* w = p.w_by_column + j * p.depth;
      for (int64_t k = 0; k < p.depth; k += kLanes) {
        Vector columns[kCols];
        CORNU_BENCH_UNROLL
        for (int c = 0; c < kCols; ++c) columns[c] = hn::LoadU(kTag, w + c * p.depth + k);
        CORNU_BENCH_UNROLL
        for (int r = 0; r < kRows; ++r) {
          const Vector row = hn::LoadU(kTag, x + r * p.depth + k);
          CORNU_BENCH_UNROLL
          for (int c = 0; c < kCols; ++c) sums[r][c] = hn::MulAdd(row, columns[c], sums[r][c]);
        }
      }
      CORNU_BENCH_UNROLL
      for (int r = 0; r < kRows; ++r) {
        CORNU_BENCH_UNROLL
        for (int c = 0; c < kCols; ++c) {
          p.y[(i + r) * p.cols + j + c] = hn::GetLane(hn::SumOfLanes(kTag, sums[r][c]));
        }
      }
    }
  }
}

template <int kRows, int kVectors, int kChains>
constexpr ProductKernel chain_kernel(const char* tile) {
  return {tile,
          [](const Product& p) {
            const int64_t vectors = (p.cols + kLanes - 1) / kLanes;
            return p.rows % kRows == 0 && vectors % kVectors == 0 && p.depth % kChains == 0;
          },
          chains<kRows, kVectors, kChains>};
}

template <int kRows, int kCols>
constexpr ProductKernel dot_kernel(const char* tile) {
  return {tile,
          [](const Product& p) {
            return p.rows % kRows == 0 && p.cols % kCols == 0 && p.depth % kLanes == 0;
          },
          dots<kRows, kCols>};
}

inline std::span<const ProductKernel> chain_kernels() {
  static constexpr ProductKernel kAll[] = {
      chain_kernel<4, 4, 1>("4x4"), chain_kernel<7, 4, 1>("7x4"), chain_kernel<8, 2, 1>("8x2"),
      chain_kernel<4, 2, 1>("4x2"), chain_kernel<8, 1, 1>("8x1"), chain_kernel<16, 1, 1>("16x1"),
      chain_kernel<1, 4, 1>("1x4"), chain_kernel<1, 8, 1>("1x8")};
  return kAll;
}

inline std::span<const ProductKernel> split_kernels() {
  static constexpr ProductKernel kAll[] = {
      chain_kernel<2, 4, 2>("2x4x2"), chain_kernel<4, 2, 2>("4x2x2"),
      chain_kernel<2, 2, 2>("2x2x2"), chain_kernel<4, 1, 2>("4x1x2"),
      chain_kernel<8, 1, 2>("8x1x2"), chain_kernel<1, 4, 2>("1x4x2"),
      chain_kernel<1, 4, 4>("1x4x4"), chain_kernel<1, 8, 2>("1x8x2")};
  return kAll;
}

inline std::span<const ProductKernel> dot_kernels() {
  static constexpr ProductKernel kAll[] = {dot_kernel<4, 4>("4x4"), dot_kernel<2, 4>("2x4"),
                                           dot_kernel<2, 8>("2x8"), dot_kernel<4, 5>("4x5"),
                                           dot_kernel<2, 5>("2x5"), dot_kernel<1, 4>("1x4"),
                                           dot_kernel<1, 8>("1x8"), dot_kernel<1, 16>("1x16")};
  return kAll;
}

/// 1 ÷ x: the CPU's approximation and one Newton step.
inline Vector reciprocal(Vector x) {
  const Vector guess = hn::ApproximateReciprocal(x);
  return hn::Mul(guess, hn::NegMulAdd(x, guess, hn::Set(kTag, 2)));
}

/// √x as x ÷ √x, likewise; 0 for 0.
inline Vector square_root(Vector x) {
  const Vector guess = hn::ApproximateReciprocalSqrt(x);
  const Vector half = hn::Mul(hn::Mul(hn::Set(kTag, 0.5F), x), guess);
  const Vector better = hn::Mul(guess, hn::NegMulAdd(half, guess, hn::Set(kTag, 1.5F)));
  return hn::IfThenElse(hn::Gt(x, hn::Zero(kTag)), hn::Mul(x, better), hn::Zero(kTag));
}

/// kernels/updates-inl.h's Adam with approximate reciprocals.
inline void adam_approximate(const kernels::AdamArgs& a) {
  const Vector alpha = hn::Set(kTag, a.alpha);
  const Vector epsilon = hn::Set(kTag, a.epsilon);
  const Vector one_minus_beta_1 = hn::Set(kTag, a.one_minus_beta_1);
  const Vector one_minus_beta_2 = hn::Set(kTag, a.one_minus_beta_2);
  const Vector tiny = hn::Set(kTag, 0x1p-120F);
  const auto without_tiny = [&](Vector x) HWY_ATTR {
    return hn::IfThenElse(hn::Lt(hn::Abs(x), tiny), hn::Zero(kTag), x);
  };
  const auto update = [&](int64_t i, auto load, auto store) HWY_ATTR {
    const Vector g = load(a.dw + i);
    Vector m = load(a.m + i);
    Vector v = load(a.v + i);
    m = without_tiny(hn::MulAdd(hn::Sub(g, m), one_minus_beta_1, m));
    v = without_tiny(hn::MulAdd(hn::MulSub(g, g, v), one_minus_beta_2, v));
    const Vector move = hn::Mul(hn::Mul(m, alpha), reciprocal(hn::Add(square_root(v), epsilon)));
    store(m, a.m + i);
    store(v, a.v + i);
    store(hn::Sub(load(a.w + i), move), a.w + i);
  };
  int64_t i = 0;
  for (; i + kLanes <= a.size; i += kLanes) {
    update(
        i, [](const float* from) HWY_ATTR { return hn::LoadU(kTag, from); },
        [](Vector x, float* to) HWY_ATTR { hn::StoreU(x, kTag, to); });
  }
  if (i == a.size) return;
  const auto rest = hn::FirstN(kTag, static_cast<size_t>(a.size - i));
  update(
      i, [&](const float* from) HWY_ATTR { return hn::MaskedLoad(rest, kTag, from); },
      [&](Vector x, float* to) HWY_ATTR { hn::BlendedStore(x, rest, kTag, to); });
}

}  // namespace cornu::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // CORNU_BENCH_PRICE_INL_H_
