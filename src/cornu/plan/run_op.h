#pragma once

// Each op as one member carries it out: one overload per op, from slots to a kernel's arguments.

#include "cornu/core/rng.h"
#include "cornu/plan/frame.h"
#include "cornu/plan/run_convolution.h"
#include "cornu/plan/run_custom.h"
#include "cornu/plan/run_depthwise.h"
#include "cornu/plan/run_elementwise.h"
#include "cornu/plan/run_losses.h"
#include "cornu/plan/run_normalize.h"
#include "cornu/plan/run_pool.h"
#include "cornu/plan/run_product.h"
#include "cornu/plan/run_rearrange.h"
#include "cornu/plan/run_updates.h"
#include "cornu/plan/run_weights.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Decode& x, const Op& op, const Frame<T>& f) {
  const Slot& stored = f.slot(op.in[0]);
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    f.kernels.decode({.x = f.bytes(op.in[0]) + static_cast<size_t>(offset) * itemsize(stored.dtype),
                      .dtype = stored.dtype,
                      .y = f.at(op.out[0]) + offset,
                      .size = size,
                      .divisor = static_cast<T>(x.divisor),
                      .offset = static_cast<T>(x.offset)});
  });
}

template <class T>
void run(const ops::OneHot& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const DType dtype = f.slot(op.in[0]).dtype;
  f.kernels.one_hot(
      {.labels = f.bytes(op.in[0]) + own.begin * static_cast<int64_t>(itemsize(dtype)),
       .dtype = dtype,
       .y = f.at(op.out[0]) + own.begin * x.classes,
       .rows = own.size(),
       .cols = x.classes});
}

template <class T>
void run(const ops::LogSoftmax&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.log_softmax({f.at(op.in[0]) + begin, f.at(op.out[0]) + begin, own.size(), cols});
}

template <class T>
void run(const ops::LogSoftmaxBack&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.log_softmax_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                              f.at(op.out[0]) + begin, own.size(), cols, op.accumulate});
}

template <class T>
void run(const ops::Softmax&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax({f.at(op.in[0]) + begin, f.at(op.out[0]) + begin, own.size(), cols});
}

template <class T>
void run(const ops::SoftmaxBack&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin, f.at(op.out[0]) + begin,
                          own.size(), cols, op.accumulate});
}

template <class T>
void run(const ops::Dropout& x, const Op& op, const Frame<T>& f) {
  const SlotId y = op.out[0];
  const bool by_columns = op.split == Split::last_axis;
  const auto rows = f.batch_rows(op);
  const int64_t width = f.size(y) / f.rows;
  const auto cols = by_columns ? f.cols(op, y) : Range{0, width};
  const int64_t at = rows.begin * width + cols.begin;
  f.kernels.dropout({.x = f.at(op.in[0]) + at,
                     .y = f.at(y) + at,
                     .row = width,
                     .rows = rows.size(),
                     .cols = cols.size(),
                     .first = cols.begin,
                     .rate = static_cast<T>(x.rate),
                     .key = mix(mix(f.context.seed, x.stream), f.context.epoch),
                     .sample = f.batch.sample.data() + rows.begin,
                     .accumulate = op.accumulate});
}

// Each position of a sample has the same draws, those of its first channels.
template <class T>
void run(const ops::SpatialDropout& x, const Op& op, const Frame<T>& f) {
  const SlotId y = op.out[0];
  const Range rows = f.batch_rows(op);
  const int64_t width = f.size(y) / f.rows;
  const int64_t channels = f.last(y);
  const auto cols = op.split == Split::last_axis ? f.cols(op, y) : Range{0, channels};
  for (int64_t position = cols.begin; position < width; position += channels) {
    const int64_t at = rows.begin * width + position;
    f.kernels.dropout({.x = f.at(op.in[0]) + at,
                       .y = f.at(y) + at,
                       .row = width,
                       .rows = rows.size(),
                       .cols = cols.size(),
                       .first = cols.begin,
                       .rate = static_cast<T>(x.rate),
                       .key = mix(mix(f.context.seed, x.stream), f.context.epoch),
                       .sample = f.batch.sample.data() + rows.begin,
                       .accumulate = op.accumulate});
  }
}

template <class T>
void run(const ops::Noise& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const int64_t cols = f.size(op.out[0]) / f.rows;
  f.kernels.noise({.y = f.at(op.out[0]) + own.begin * cols,
                   .rows = own.size(),
                   .cols = cols,
                   .mean = x.mean,
                   .stddev = x.stddev,
                   .key = mix(mix(f.context.seed, x.stream), f.context.epoch),
                   .sample = f.batch.sample.data() + own.begin});
}

template <class T>
void run_op(const Op& op, const Frame<T>& frame) {
  std::visit([&](const auto& what) { run<T>(what, op, frame); }, op.what);
}

}  // namespace cornu::inline v0
