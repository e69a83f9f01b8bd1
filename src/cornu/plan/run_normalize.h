#pragma once

// Normalization and the parametric ReLU, as one member carries them out.

#include <algorithm>
#include <array>

#include "cornu/kernels/normalize.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// The columns `own` of x, (rows, …, n), over all its lines.
template <class T>
kernels::ColumnsOf<T> own_columns(SlotId x, const Range& own, const Frame<T>& f) {
  return {f.at(x) + own.begin, f.size(x) / f.last(x), f.line(x), own.size()};
}

template <class T>
const T* at_or_null(SlotId slot, int64_t offset, const Frame<T>& f) {
  return slot == kNone ? nullptr : f.at(slot) + offset;
}

template <class T>
void run(const ops::ColumnMoments&, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  const auto compute = [&]<class R>(R* mean, R* variance) {
    kernels::column_moments(own_columns(op.in[0], own, f), mean + own.begin, variance + own.begin);
  };
  // Those of shards are merged, and rounded then.
  if (f.slot(op.out[0]).dtype == DType::float64) {
    compute(f.template at<double>(op.out[0]), f.template at<double>(op.out[1]));
  } else {
    compute(f.at(op.out[0]), f.at(op.out[1]));
  }
}

template <class T>
void run(const ops::MovingStatistics& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::moving_statistics(f.at(op.in[0]) + own.begin, static_cast<T>(x.momentum),
                             static_cast<T>(1 - x.momentum), own.size(),
                             f.at(op.out[0]) + own.begin);
}

template <class T>
void run(const ops::ColumnScale& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::column_scale<T>({.cols = own.size(),
                            .mean = f.at(op.in[0]) + own.begin,
                            .variance = f.at(op.in[1]) + own.begin,
                            .gamma = at_or_null(op.in[2], own.begin, f),
                            .beta = at_or_null(op.in[3], own.begin, f),
                            .epsilon = x.epsilon},
                           f.at(op.out[0]) + own.begin, f.at(op.out[1]) + own.begin);
}

/// y = x · scale + shift, column by column, or what ScaleColumnsArgs says else.
template <class T>
void scale_columns(SlotId mean, SlotId scale, SlotId shift, const Op& op, const Frame<T>& f) {
  const Range lines = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const int64_t x_row = f.line(op.in[0]);
  const int64_t y_row = f.line(op.out[0]);
  f.kernels.scale_columns({.x = f.at(op.in[0]) + lines.begin * x_row + cols.begin,
                           .x_row = x_row,
                           .y = f.at(op.out[0]) + lines.begin * y_row + cols.begin,
                           .y_row = y_row,
                           .lines = lines.size(),
                           .cols = cols.size(),
                           .mean = at_or_null(mean, cols.begin, f),
                           .scale = f.at(scale) + cols.begin,
                           .shift = at_or_null(shift, cols.begin, f),
                           .accumulate = op.accumulate});
}

template <class T>
void run(const ops::Normalize&, const Op& op, const Frame<T>& f) {
  scale_columns(op.in[1], op.in[3], op.in[5], op, f);
}

template <class T>
void run(const ops::ScaleColumns&, const Op& op, const Frame<T>& f) {
  scale_columns(kNone, op.in[1], op.in[2], op, f);
}

template <class T>
void run(const ops::ColumnProducts& x, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::column_products<T>(own_columns(op.in[1], own, f), f.at(op.in[0]) + own.begin,
                              f.line(op.in[0]), f.at(op.in[2]) + own.begin,
                              f.at(op.in[3]) + own.begin, x.epsilon, f.at(op.out[0]) + own.begin,
                              f.at(op.out[1]) + own.begin);
}

template <class T>
void run(const ops::NormalizeBack& x, const Op& op, const Frame<T>& f) {
  constexpr int64_t kPanel = 64;
  std::array<T, static_cast<size_t>(kPanel)> scale;
  std::array<T, static_cast<size_t>(kPanel)> shift;
  std::array<T, static_cast<size_t>(kPanel)> slope;
  const Range lines = f.lines(op, op.out[0]);
  const Range own = f.cols(op, op.out[0]);
  const int64_t x_row = f.line(op.in[1]);
  const int64_t dy_row = f.line(op.in[0]);
  const int64_t dx_row = f.line(op.out[0]);
  for (int64_t column = own.begin; column < own.end; column += kPanel) {
    const int64_t cols = std::min(kPanel, own.end - column);
    kernels::back_of_columns<T>({.lines = f.size_of_all(op.out[0]) / f.last(op.out[0]),
                                 .cols = cols,
                                 .variance = f.at(op.in[3]) + column,
                                 .gamma = at_or_null(op.in[4], column, f),
                                 .sums = f.at(op.in[5]) + column,
                                 .products = f.at(op.in[6]) + column,
                                 .epsilon = x.epsilon},
                                scale.data(), shift.data(), slope.data());
    f.kernels.normalize_back({.x = f.at(op.in[1]) + lines.begin * x_row + column,
                              .x_row = x_row,
                              .dy = f.at(op.in[0]) + lines.begin * dy_row + column,
                              .dy_row = dy_row,
                              .dx = f.at(op.out[0]) + lines.begin * dx_row + column,
                              .dx_row = dx_row,
                              .lines = lines.size(),
                              .cols = cols,
                              .mean = f.at(op.in[2]) + column,
                              .scale = scale.data(),
                              .shift = shift.data(),
                              .slope = slope.data(),
                              .accumulate = op.accumulate});
  }
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
  const T* const gamma = at_or_null(op.in[4], 0, f);
  for (int64_t i = own.begin; i < own.end; ++i) {
    const T* const x = f.at(op.in[1]) + i * cols;
    const T* const dy = f.at(op.in[0]) + i * cols;
    const T mean = f.at(op.in[2])[i];
    const T inverse = f.at(op.in[3])[i];
    T shift, slope;
    kernels::back_of_line<T>({x, dy, gamma, cols, mean, inverse}, &shift, &slope);
    f.kernels.line_back({x, dy, gamma, f.at(op.out[0]) + i * cols, cols, mean, inverse, shift,
                         slope, op.accumulate});
  }
}

template <class T>
void run(const ops::LineNormGamma&, const Op& op, const Frame<T>& f) {
  const Range own = f.cols(op, op.out[0]);
  kernels::line_norm_gamma<T>(own_columns(op.in[1], own, f), f.at(op.in[0]) + own.begin,
                              f.at(op.in[2]), f.at(op.in[3]), f.at(op.out[0]) + own.begin,
                              op.accumulate);
}

/// f(index in the sample, index in alpha, count) for each run of elements whose elements of alpha
/// are consecutive: those along the axes after the last shared one.
template <class F>
void for_each_run_of(const Shape& sample, const Shape& alpha, const F& f) {
  int64_t leading = sample.ndim();
  int64_t cols = 1;
  while (leading > 0 && alpha[leading - 1] == sample[leading - 1]) cols *= sample[--leading];
  int64_t index = 0;
  const auto walk = [&](const auto& self, int64_t axis, int64_t of_alpha) -> void {
    if (axis == leading) return f(cols * index++, cols * of_alpha, cols);
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
  for_each_run_of(sample, f.slot(op.in[1]).shape, [&](int64_t i, int64_t a, int64_t cols) {
    const int64_t at = own.begin * sample.size() + i;
    f.kernels.parametric_relu({f.at(op.in[0]) + at, f.at(op.in[1]) + a, f.at(op.out[0]) + at,
                               own.size(), sample.size(), cols});
  });
}

template <class T>
void run(const ops::ParametricReluBack&, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const Shape sample = f.slot(op.out[0]).shape.without_rows();
  for_each_run_of(sample, f.slot(op.in[2]).shape, [&](int64_t i, int64_t a, int64_t cols) {
    const int64_t at = own.begin * sample.size() + i;
    f.kernels.parametric_relu_back({f.at(op.in[1]) + at, f.at(op.in[2]) + a, f.at(op.in[0]) + at,
                                    f.at(op.out[0]) + at, own.size(), sample.size(), cols,
                                    op.accumulate});
  });
}

// The chain of an element of alpha runs over rows, and in a row over the elements that share it.
template <class T>
void run(const ops::ParametricReluAlpha&, const Op& op, const Frame<T>& f) {
  const Shape sample = f.slot(op.in[1]).shape.without_rows();
  const Shape& alpha = f.slot(op.out[0]).shape;
  T* const dalpha = f.at(op.out[0]);
  if (!op.accumulate) std::fill_n(dalpha, alpha.size(), T{0});
  const int64_t lines = sample == alpha ? f.rows : 1;  // per call
  for (int64_t row = 0; row < f.rows; row += lines) {
    for_each_run_of(sample, alpha, [&](int64_t i, int64_t a, int64_t cols) {
      const int64_t at = row * sample.size() + i;
      f.kernels.parametric_relu_alpha(
          {f.at(op.in[1]) + at, f.at(op.in[0]) + at, dalpha + a, lines, sample.size(), cols});
    });
  }
}

}  // namespace cornu::inline v0
