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

}  // namespace cornu::inline v0
