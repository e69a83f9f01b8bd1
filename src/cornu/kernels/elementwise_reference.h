#pragma once

// kernels/elementwise.h as plain loops.

#include <cmath>

#include "cornu/kernels/elementwise.h"

namespace cornu::inline v0::kernels {

template <class T>
struct ElementwiseReference {
  static void put(T& to, T value, bool accumulate) { to = accumulate ? to + value : value; }

  static void affine(const AffineArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      put(a.y[i], std::fma(a.x[i], a.scale, a.offset), a.accumulate);
    }
  }

  static T combined(Combination how, T a, T b) {
    switch (how) {
      case Combination::add:
        return a + b;
      case Combination::subtract:
        return a - b;
      case Combination::multiply:
        return a * b;
      case Combination::divide:
        return a / b;
      case Combination::maximum:
        return (a < b ? b : a) + 0;
      case Combination::minimum:
        return (a > b ? b : a) + 0;
      case Combination::less:
        return a < b ? T{1} : T{0};
      case Combination::less_equal:
        return a <= b ? T{1} : T{0};
      case Combination::where:
        return (b == 0 ? T{0} : a) + 0;
    }
    return a;
  }

  static void combine(const CombineArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      put(a.y[i], combined(a.how, a.a[i], a.b[i]), a.accumulate);
    }
  }

  static void chosen_back(const ChosenBackArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      const bool is_second = a.how == Combination::maximum ? a.a[i] < a.b[i] : a.a[i] > a.b[i];
      put(a.dx[i], (is_second == a.to_second ? a.dy[i] : T{0}) + 0, a.accumulate);
    }
  }

  static void copy(const CopyArgsOf<T>& a) {
    for (int64_t i = 0; i < a.rows; ++i) {
      for (int64_t j = 0; j < a.cols; ++j) {
        put(a.y[i * a.y_row + j], a.x[i * a.x_row + j], a.accumulate);
      }
    }
  }

  static void add_parts(const AddPartsArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) {
      T sum = a.accumulate ? a.y[i] : a.x[0][i];
      for (int64_t part = a.accumulate ? 0 : 1; part < a.parts; ++part) sum += a.x[part][i];
      a.y[i] = sum + 0;
    }
  }

  static void fill(const FillArgsOf<T>& a) {
    for (int64_t i = 0; i < a.size; ++i) put(a.y[i], a.value, a.accumulate);
  }

  static constexpr ElementwiseKernelsOf<T> kKernels = {
      .affine = affine,
      .combine = combine,
      .chosen_back = chosen_back,
      .copy = copy,
      .add_parts = add_parts,
      .fill = fill,
  };
};

}  // namespace cornu::inline v0::kernels
