#pragma once

// How ops that normalize, and the rectifier with weights, are carried out by one member.

#include "cornu/kernels/normalize.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// This member's columns of numbers a column, and of (rows, …, n) beside them.
template <class T>
kernels::ColumnsOf<T> own_columns(SlotId x, const Range& own, const Frame<T>& f) {
  const int64_t row = f.last(x);
  return {f.at(x) + own.begin, f.size(x) / row, row, own.size()};
}

template <class T>
const T* at_or_null(SlotId slot, int64_t offset, const Frame<T>& f) {
  return slot == kNone ? nullptr : f.at(slot) + offset;
}

template <class T>
void run(const ops::ColumnMoments&, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::column_moments(own_columns(op.in[0], own, f), f.at(op.out[0]) + own.begin,
                          f.at(op.out[1]) + own.begin);
}

template <class T>
void run(const ops::MovingStatistics& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  const T momentum = static_cast<T>(x.momentum);
  const T rest = static_cast<T>(1 - x.momentum);
  for (int64_t i = own.begin; i < own.end; ++i) {
    T& moving = f.at(op.out[0])[i];
    moving = std::fma(moving, momentum, f.at(op.in[0])[i] * rest);
  }
}

template <class T>
void run(const ops::ColumnScale& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  for (int64_t i = own.begin; i < own.end; ++i) {
    const double variance = static_cast<double>(f.at(op.in[1])[i]);
    const double gamma = op.in[2] == kNone ? 1 : static_cast<double>(f.at(op.in[2])[i]);
    const T scale = static_cast<T>(gamma / std::sqrt(variance + x.epsilon));
    const T beta = op.in[3] == kNone ? 0 : f.at(op.in[3])[i];
    f.at(op.out[0])[i] = scale;
    f.at(op.out[1])[i] = std::fma(-f.at(op.in[0])[i], scale, beta);
  }
}

template <class T>
void run(const ops::Normalize&, const Op& op, const Frame<T>& f) {
  const Range lines = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const int64_t row = f.last(op.out[0]);
  const int64_t begin = lines.begin * row + cols.begin;
  kernels::normalize<T>({.x = f.at(op.in[0]) + begin,
                         .y = f.at(op.out[0]) + begin,
                         .lines = lines.size(),
                         .row = row,
                         .cols = cols.size(),
                         .mean = f.at(op.in[1]) + cols.begin,
                         .scale = f.at(op.in[3]) + cols.begin,
                         .beta = at_or_null(op.in[5], cols.begin, f)});
}

template <class T>
void run(const ops::ScaleColumns&, const Op& op, const Frame<T>& f) {
  const Range lines = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const int64_t row = f.last(op.out[0]);
  const T* const scale = f.at(op.in[1]);
  const T* const shift = at_or_null(op.in[2], 0, f);
  for (int64_t i = lines.begin; i < lines.end; ++i) {
    for (int64_t j = cols.begin; j < cols.end; ++j) {
      const T x = f.at(op.in[0])[i * row + j];
      const T value = shift == nullptr ? x * scale[j] : std::fma(x, scale[j], shift[j]);
      T& y = f.at(op.out[0])[i * row + j];
      y = op.accumulate ? y + value : value;
    }
  }
}

template <class T>
void run(const ops::ColumnProducts& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::column_products<T>(own_columns(op.in[1], own, f), f.at(op.in[0]) + own.begin,
                              f.at(op.in[2]) + own.begin, f.at(op.in[3]) + own.begin, x.epsilon,
                              f.at(op.out[0]) + own.begin, f.at(op.out[1]) + own.begin);
}

template <class T>
void run(const ops::NormalizeBack& x, const Op& op, const Frame<T>& f) {
  const Range lines = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const int64_t row = f.last(op.out[0]);
  const int64_t begin = lines.begin * row + cols.begin;
  kernels::normalize_back<T>({.x = f.at(op.in[1]) + begin,
                              .dy = f.at(op.in[0]) + begin,
                              .dx = f.at(op.out[0]) + begin,
                              .lines = lines.size(),
                              .row = row,
                              .cols = cols.size(),
                              .all_lines = f.size(op.out[0]) / row,
                              .mean = f.at(op.in[2]) + cols.begin,
                              .variance = f.at(op.in[3]) + cols.begin,
                              .gamma = at_or_null(op.in[4], cols.begin, f),
                              .sums = f.at(op.in[5]) + cols.begin,
                              .products = f.at(op.in[6]) + cols.begin,
                              .epsilon = x.epsilon,
                              .accumulate = op.accumulate});
}

template <class T>
void run(const ops::LineNorm& x, const Op& op, const Frame<T>& f) {
  const Range own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  kernels::line_norm<T>({.x = f.at(op.in[0]) + own.begin * cols,
                         .y = f.at(op.out[0]) + own.begin * cols,
                         .mean = f.at(op.out[1]) + own.begin,
                         .inverse = f.at(op.out[2]) + own.begin,
                         .lines = own.size(),
                         .cols = cols,
                         .gamma = at_or_null(op.in[1], 0, f),
                         .beta = at_or_null(op.in[2], 0, f),
                         .epsilon = x.epsilon});
}

template <class T>
void run(const ops::LineNormBack&, const Op& op, const Frame<T>& f) {
  const Range own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  kernels::line_norm_back<T>({.x = f.at(op.in[1]) + own.begin * cols,
                              .dy = f.at(op.in[0]) + own.begin * cols,
                              .mean = f.at(op.in[2]) + own.begin,
                              .inverse = f.at(op.in[3]) + own.begin,
                              .dx = f.at(op.out[0]) + own.begin * cols,
                              .lines = own.size(),
                              .cols = cols,
                              .gamma = at_or_null(op.in[4], 0, f),
                              .accumulate = op.accumulate});
}

template <class T>
void run(const ops::LineNormGamma&, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::line_norm_gamma<T>(own_columns(op.in[1], own, f), f.at(op.in[0]) + own.begin,
                              f.at(op.in[2]), f.at(op.in[3]), f.at(op.out[0]) + own.begin,
                              op.accumulate);
}

/// f(element of the sample, element of alpha that it has).
template <class F>
void for_each_alpha(const Shape& sample, const Shape& alpha, const F& f) {
  int64_t index = 0;
  const auto walk = [&](const auto& self, int64_t axis, int64_t of_alpha) -> void {
    if (axis == sample.ndim()) return f(index++, of_alpha);
    for (int64_t i = 0; i < sample[axis]; ++i) {
      self(self, axis + 1, of_alpha * alpha[axis] + (alpha[axis] == 1 ? 0 : i));
    }
  };
  walk(walk, 0, 0);
}

template <class T>
void run(const ops::ParametricRelu&, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const Shape sample = f.slot(op.out[0]).shape.without_rows();
  for (int64_t row = own.begin; row < own.end; ++row) {
    const T* const x = f.at(op.in[0]) + row * sample.size();
    T* const y = f.at(op.out[0]) + row * sample.size();
    for_each_alpha(sample, f.slot(op.in[1]).shape, [&](int64_t i, int64_t a) {
      y[i] = x[i] > 0 ? x[i] : f.at(op.in[1])[a] * x[i];
    });
  }
}

template <class T>
void run(const ops::ParametricReluBack&, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const Shape sample = f.slot(op.out[0]).shape.without_rows();
  for (int64_t row = own.begin; row < own.end; ++row) {
    const int64_t begin = row * sample.size();
    const T* const dy = f.at(op.in[0]) + begin;
    const T* const x = f.at(op.in[1]) + begin;
    T* const dx = f.at(op.out[0]) + begin;
    for_each_alpha(sample, f.slot(op.in[2]).shape, [&](int64_t i, int64_t a) {
      const T slope = x[i] > 0 ? 1 : x[i] < 0 ? f.at(op.in[2])[a] : x[i] * 0;
      dx[i] = op.accumulate ? dx[i] + dy[i] * slope : dy[i] * slope;
    });
  }
}

// One element of alpha after the other, each over rows and the elements that share it.
template <class T>
void run(const ops::ParametricReluAlpha&, const Op& op, const Frame<T>& f) {
  const Shape sample = f.slot(op.in[1]).shape.without_rows();
  const Shape& alpha = f.slot(op.out[0]).shape;
  T* const dalpha = f.at(op.out[0]);
  for (int64_t a = 0; a < alpha.size() && !op.accumulate; ++a) dalpha[a] = 0;
  for (int64_t row = 0; row < f.rows; ++row) {
    const T* const dy = f.at(op.in[0]) + row * sample.size();
    const T* const x = f.at(op.in[1]) + row * sample.size();
    for_each_alpha(sample, alpha, [&](int64_t i, int64_t a) {
      if (!(x[i] > 0)) dalpha[a] = std::fma(dy[i], x[i], dalpha[a]);
    });
  }
}

}  // namespace cornu::inline v0
