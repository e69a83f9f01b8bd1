#pragma once

// Axes in another order, cut or padded, as one member carries it out: its rows of the batch.

#include <algorithm>

#include "cornu/kernels/rearrange.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Rearrange& x, const Op& op, const Frame<T>& f) {
  const Shape& to = f.slot(op.out[0]).shape;
  const Range own = f.batch_rows(op);
  const Strides strides = strides_of(f.slot(op.in[0]));
  const int64_t x_row = f.sample(op.in[0]);
  const int64_t y_row = to.without_rows().size();
  kernels::RearrangeArgsOf<T> a = {.x = f.at(op.in[0]) + own.begin * x_row,
                                   .y = f.at(op.out[0]) + own.begin * y_row,
                                   .rows = own.size(),
                                   .x_row = x_row,
                                   .y_row = y_row,
                                   .axes = {},
                                   .accumulate = op.accumulate};
  const auto used = static_cast<size_t>(to.ndim() - 1);
  for (size_t i = 0; i < used; ++i) {
    const int64_t stride = strides[static_cast<size_t>(x.order.at[i]) + 1];
    const int64_t before = x.before.at[i];
    const int64_t extent = to[static_cast<int>(i) + 1];
    const int64_t after = x.after.at[i];
    a.x += std::max<int64_t>(-before, 0) * stride;
    a.axes[a.axes.size() - used + i] = {extent, std::max<int64_t>(before, 0),
                                        extent - std::max<int64_t>(after, 0), stride};
  }
  kernels::rearrange(a);
}

}  // namespace cornu::inline v0
