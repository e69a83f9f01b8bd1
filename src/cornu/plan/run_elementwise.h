#pragma once

// Ops on the elements of one or two slots, as one member carries them out.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Pointwise& p, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.pointwise({p.function, f.at(op.in[0], part), f.at(op.out[0], part), part.size()});
  });
}

template <class T>
void run(const ops::PointwiseBack& p, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.pointwise_back({p.function, f.at(op.in[0], part), f.at(op.in[1], part),
                              f.at(op.out[0], part), part.size(), op.accumulate});
  });
}

template <class T>
void run(const ops::Affine& x, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.affine({f.at(op.in[0], part), f.at(op.out[0], part), part.size(),
                      static_cast<T>(x.scale), static_cast<T>(x.offset), op.accumulate});
  });
}

template <class T>
void run(const ops::Combine& x, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.combine({x.how, f.at(op.in[0], part), f.at(op.in[1], part), f.at(op.out[0], part),
                       part.size(), op.accumulate});
  });
}

template <class T>
void run(const ops::ChosenBack& x, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.chosen_back({x.how, x.to_second, f.at(op.in[0], part), f.at(op.in[1], part),
                           f.at(op.in[2], part), f.at(op.out[0], part), part.size(),
                           op.accumulate});
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

/// y = x for this member's rows of the batch, where one slot, `whole`, holds the other from `begin`
/// on along an axis. Nothing is copied that is a view, and so is there already.
template <class T>
void copy_part(SlotId x, SlotId y, SlotId whole, int64_t axis, int64_t begin, const Op& op,
               const Frame<T>& f) {
  const SlotId part = whole == x ? y : x;
  const Shape& shape = f.slot(part).shape;
  const Strides strides = strides_of(f.slot(whole));
  const int64_t offset = begin * strides[static_cast<size_t>(axis)];
  const T* const from = f.at(x) + (whole == x ? offset : 0);
  T* const to = f.at(y) + (whole == y ? offset : 0);
  if (from == to) return;
  const Range own = f.batch_rows(op);
  const FromAxis of_x = from_axis(f, x, axis);
  const FromAxis of_y = from_axis(f, y, axis);
  if (!f.slot(x).strides && !f.slot(y).strides) {
    const int64_t rows = own.size() * of_x.rows_each;
    const int64_t first = own.begin * of_x.rows_each;
    f.kernels.copy({from + first * of_x.cols, of_x.cols, to + first * of_y.cols, of_y.cols, rows,
                    std::min(of_x.cols, of_y.cols), op.accumulate});
    return;
  }
  const Strides part_strides = strides_of(f.slot(part));
  const Strides& x_strides = whole == x ? strides : part_strides;
  const Strides& y_strides = whole == y ? strides : part_strides;
  const int64_t lines = shape.without_rows().size() / shape.back();
  for (int64_t line = own.begin * lines; line < own.end * lines; ++line) {
    f.kernels.copy({from + line_offset(shape, x_strides, line), 0,
                    to + line_offset(shape, y_strides, line), 0, 1, shape.back(), op.accumulate});
  }
}

template <class T>
void run(const ops::Concatenate& x, const Op& op, const Frame<T>& f) {
  int64_t begin = 0;
  for (const SlotId in : op.in) {
    copy_part(in, op.out[0], op.out[0], x.axis, begin, op, f);
    begin += f.slot(in).shape[static_cast<int>(x.axis)];
  }
}

template <class T>
void run(const ops::Slice& x, const Op& op, const Frame<T>& f) {
  copy_part(op.in[0], op.out[0], op.in[0], x.axis, x.begin, op, f);
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
