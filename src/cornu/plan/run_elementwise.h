#pragma once

// Ops on the elements of one or two slots, as one member carries them out.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Pointwise& p, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.pointwise({p.function, f.at(op.in[0]) + offset, f.at(op.out[0]) + offset, size});
  });
}

template <class T>
void run(const ops::PointwiseBack& p, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.pointwise_back({p.function, f.at(op.in[0]) + offset, f.at(op.in[1]) + offset,
                              f.at(op.out[0]) + offset, size, op.accumulate});
  });
}

template <class T>
void run(const ops::Affine& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.affine({f.at(op.in[0]) + offset, f.at(op.out[0]) + offset, size,
                      static_cast<T>(x.scale), static_cast<T>(x.offset), op.accumulate});
  });
}

template <class T>
void run(const ops::Combine& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.combine({x.how, f.at(op.in[0]) + offset, f.at(op.in[1]) + offset,
                       f.at(op.out[0]) + offset, size, op.accumulate});
  });
}

template <class T>
void run(const ops::ChosenBack& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.chosen_back({x.how, x.to_second, f.at(op.in[0]) + offset, f.at(op.in[1]) + offset,
                           f.at(op.in[2]) + offset, f.at(op.out[0]) + offset, size, op.accumulate});
  });
}

/// A slot as a matrix, divided at an axis: the axes from there on are its columns.
struct FromAxis {
  int64_t rows_each;  ///< rows of the matrix per row of the batch
  int64_t cols;
};

template <class T>
FromAxis from_axis(const Frame<T>& f, SlotId id, int64_t axis) {
  FromAxis seen{1, 1};
  const auto extents = f.slot(id).shape.extents();
  for (size_t i = 1; i < extents.size(); ++i) {
    (static_cast<int64_t>(i) < axis ? seen.rows_each : seen.cols) *= extents[i];
  }
  return seen;
}

template <class T>
void run(const ops::Concatenate& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const FromAxis to = from_axis(f, op.out[0], x.axis);
  T* y = f.at(op.out[0]) + own.begin * to.rows_each * to.cols;
  for (const SlotId in : op.in) {
    const FromAxis from = from_axis(f, in, x.axis);
    f.kernels.copy({f.at(in) + own.begin * from.rows_each * from.cols, from.cols, y, to.cols,
                    own.size() * to.rows_each, from.cols, false});
    y += from.cols;
  }
}

template <class T>
void run(const ops::Slice& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const FromAxis from = from_axis(f, op.in[0], x.axis);
  const FromAxis to = from_axis(f, op.out[0], x.axis);
  const auto extents = f.slot(op.in[0]).shape.extents();
  int64_t begin = x.begin;
  for (size_t i = static_cast<size_t>(x.axis) + 1; i < extents.size(); ++i) begin *= extents[i];
  f.kernels.copy({f.at(op.in[0]) + own.begin * from.rows_each * from.cols + begin, from.cols,
                  f.at(op.out[0]) + own.begin * to.rows_each * to.cols, to.cols,
                  own.size() * to.rows_each, to.cols, op.accumulate});
}

/// A slot around an axis: the elements before it, of this member's rows of the batch, and after it.
struct AroundAxis {
  int64_t first;  ///< the element of the slot without that axis that this member begins with
  int64_t outer, inner;
};

template <class T>
AroundAxis around_axis(const Op& op, const Frame<T>& f, const Shape& shape, int64_t axis) {
  AroundAxis seen{0, 1, 1};
  for (int i = 0; i < shape.ndim(); ++i) {
    const bool is_batch = shape[i] == kRows;
    if (i < axis && is_batch) seen.outer = f.batch_rows(op).size();
    if (i < axis && !is_batch) seen.outer *= shape[i];
    if (i > axis) seen.inner *= shape[i];
  }
  if (axis > 0 && shape.has_rows()) {
    const Range own = f.batch_rows(op);
    seen.first = own.size() == 0 ? 0 : own.begin * (seen.outer / own.size()) * seen.inner;
  }
  return seen;
}

template <class T>
void run(const ops::Sum& x, const Op& op, const Frame<T>& f) {
  const Shape& shape = f.slot(op.in[0]).shape;
  const int64_t extent =
      shape[static_cast<int>(x.axis)] == kRows ? f.rows : shape[static_cast<int>(x.axis)];
  const AroundAxis own = around_axis(op, f, shape, x.axis);
  const T* from = f.at(op.in[0]) + own.first * extent;
  T* to = f.at(op.out[0]) + own.first;
  for (int64_t i = 0; i < own.outer; ++i) {
    f.kernels.sum_rows({from, own.inner, to, extent, own.inner, op.accumulate});
    from += extent * own.inner;
    to += own.inner;
  }
}

template <class T>
void run(const ops::Repeat& x, const Op& op, const Frame<T>& f) {
  const Shape& shape = f.slot(op.out[0]).shape;
  if (x.extent == kRows) {
    const Range own = f.batch_rows(op);
    const int64_t size = f.size(op.in[0]);
    f.kernels.copy({f.at(op.in[0]), 0, f.at(op.out[0]) + own.begin * size, size, own.size(), size,
                    op.accumulate});
    return;
  }
  const AroundAxis own = around_axis(op, f, shape, x.axis);
  const T* from = f.at(op.in[0]) + own.first;
  T* to = f.at(op.out[0]) + own.first * x.extent;
  for (int64_t i = 0; i < own.outer; ++i) {
    f.kernels.copy({from, 0, to, own.inner, x.extent, own.inner, op.accumulate});
    from += own.inner;
    to += x.extent * own.inner;
  }
}

template <class T>
void run(const ops::Transpose& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const FromAxis turned = from_axis(f, op.in[0], x.axis);
  const int64_t size = turned.cols;
  const int64_t cols = from_axis(f, op.in[0], x.middle).cols;
  const int64_t rows = size / cols;
  const int64_t begin = own.begin * turned.rows_each;
  for (int64_t each = begin; each < begin + own.size() * turned.rows_each; ++each) {
    const T* const from = f.at(op.in[0]) + each * size;
    T* const to = f.at(op.out[0]) + each * size;
    for (int64_t row = 0; row < rows; ++row) {
      f.kernels.copy({from + row * cols, 1, to + row, rows, cols, 1, op.accumulate});
    }
  }
}

}  // namespace cornu::inline v0
