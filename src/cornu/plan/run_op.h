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
#include "cornu/plan/run_shards.h"
#include "cornu/plan/run_updates.h"
#include "cornu/plan/run_weights.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Decode& x, const Op& op, const Frame<T>& f) {
  const DType dtype = f.slot(op.in[0]).dtype;
  f.for_each_part(op, [&](const PartOf<T>& part) {
    const int64_t first = part.line * f.last(op.out[0]) + part.column;
    f.kernels.decode({.x = f.bytes(op.in[0]) + first * static_cast<int64_t>(itemsize(dtype)),
                      .dtype = dtype,
                      .y = f.at(op.out[0], part),
                      .size = part.size(),
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
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.log_softmax({f.at(op.in[0], part), f.at(op.out[0], part), part.lines, part.cols});
  });
}

template <class T>
void run(const ops::LogSoftmaxBack&, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.log_softmax_back({f.at(op.in[0], part), f.at(op.in[1], part), f.at(op.out[0], part),
                                part.lines, part.cols, op.accumulate});
  });
}

template <class T>
void run(const ops::Softmax&, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.softmax({f.at(op.in[0], part), f.at(op.out[0], part), part.lines, part.cols});
  });
}

template <class T>
void run(const ops::SoftmaxBack&, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.softmax_back({f.at(op.in[0], part), f.at(op.in[1], part), f.at(op.out[0], part),
                            part.lines, part.cols, op.accumulate});
  });
}

/// Drops elements [begin, begin + size) of each sample of this member, by the draws from `first`
/// on.
template <class T>
void drop(float rate, uint64_t stream, int64_t begin, int64_t size, int64_t first, const Op& op,
          const Frame<T>& f) {
  const Range rows = f.batch_rows(op);
  const int64_t x_row = f.sample(op.in[0]);
  const int64_t y_row = f.sample(op.out[0]);
  f.kernels.dropout({.x = f.at(op.in[0]) + rows.begin * x_row + begin,
                     .x_row = x_row,
                     .y = f.at(op.out[0]) + rows.begin * y_row + begin,
                     .y_row = y_row,
                     .rows = rows.size(),
                     .cols = size,
                     .first = first,
                     .rate = static_cast<T>(rate),
                     .key = mix(mix(f.context.seed, stream), f.context.epoch),
                     .sample = f.batch.sample.data() + rows.begin,
                     .accumulate = op.accumulate});
}

template <class T>
void run(const ops::Dropout& x, const Op& op, const Frame<T>& f) {
  const bool by_columns = op.split == Split::last_axis;
  const auto own = by_columns ? f.cols(op, op.out[0]) : Range{0, f.size(op.out[0]) / f.rows};
  drop(x.rate, x.stream, own.begin, own.size(), own.begin, op, f);
}

// Each position of a sample has the same draws, those of its first channels.
template <class T>
void run(const ops::SpatialDropout& x, const Op& op, const Frame<T>& f) {
  const int64_t channels = f.last(op.out[0]);
  const int64_t width = f.size(op.out[0]) / f.rows;
  const auto own = op.split == Split::last_axis ? f.cols(op, op.out[0]) : Range{0, channels};
  for (int64_t position = own.begin; position < width; position += channels) {
    drop(x.rate, x.stream, position, own.size(), own.begin, op, f);
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
  const auto run_on = [&](const Frame<T>& f) {
    std::visit([&](const auto& what) { run<T>(what, op, f); }, op.what);
  };
  const bool is_gathered = std::holds_alternative<ops::GatherShards>(op.what);
  if (frame.slot(op.out[0]).shards > 1 && !is_gathered) {
    for_each_shard(op, frame, run_on);
  } else {
    run_on(frame);
  }
}

}  // namespace cornu::inline v0
