#pragma once

// Each op as one member carries it out: one overload per op, from slots to a kernel's arguments.

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "cornu/core/rng.h"
#include "cornu/plan/frame.h"
#include "cornu/plan/run_custom.h"
#include "cornu/plan/run_elementwise.h"
#include "cornu/plan/run_losses.h"
#include "cornu/plan/run_normalize.h"
#include "cornu/plan/run_pool.h"
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

// A listed k takes longer than one in a dense product: lists are faster below this part of all k.
constexpr double kListedBelow = 0.75;

template <class T>
bool few_enough(const Frame<T>& f, const uint64_t* bits, int64_t word, int64_t rows, int64_t depth,
                int64_t group) {
  const int64_t kept = f.kernels.count_bits(
      {.bits = bits, .bits_word = word, .rows = rows, .cols = depth, .group = group});
  const int64_t groups = (rows + group - 1) / group;
  return static_cast<double>(kept) < kListedBelow * static_cast<double>(groups * depth);
}

template <class T>
void run(const ops::Nonzero& x, const Op& op, const Frame<T>& f) {
  const Range own = f.gathered_rows();
  const Slot& stored = f.slot(op.in[0]);
  const int64_t depth = stored.shape.back();
  const int64_t word = f.slot(op.out[0]).shape.back();
  auto* const bits = f.template at<uint64_t>(op.out[0]) + own.begin;
  const auto* const rows = reinterpret_cast<const void* const*>(f.rows_of(op.in[0])) + own.begin;
  const auto list = [&](int64_t begin, int64_t end) {
    f.kernels.nonzero({.x = rows + begin,
                       .dtype = stored.dtype,
                       .zero = x.zero,
                       .rows = end - begin,
                       .cols = depth,
                       .bits = bits + begin,
                       .bits_word = word});
  };
  if (own.size() == 0) return;
  // Only the first rows are measured, so that dense data cost little.
  const int64_t sample = std::min<int64_t>(own.size(), 8 * x.group);
  list(0, sample);
  const bool listed = few_enough(f, bits, word, sample, depth, x.group);
  if (listed) list(sample, own.size());
  f.template at<int64_t>(op.out[1])[own.begin] = listed ? 1 : 0;
}

template <class T>
void run(const ops::TransposeNonzero& x, const Op& op, const Frame<T>& f) {
  const Range own = f.gathered_rows();
  if (own.size() == 0 || f.template at<int64_t>(op.in[1])[own.begin] == 0) return;
  f.kernels.transpose_bits(
      {.x = f.template at<uint64_t>(op.in[0]) + own.begin,
       .x_word = f.last(op.in[0]),
       .y = f.template at<uint64_t>(op.out[0]) + own.begin / 64 * f.last(op.out[0]),
       .y_word = f.last(op.out[0]),
       .rows = own.size(),
       .cols = x.depth});
}

// Whether every member has listed the zeros of its rows.
template <class T>
bool all_listed(SlotId listed, const Frame<T>& f) {
  const auto* const each = f.template at<int64_t>(listed);
  for (int member = 0; member < f.members; ++member) {
    const Range rows = f.rows_gathered_by(member);
    if (rows.size() > 0 && each[rows.begin] == 0) return false;
  }
  return true;
}

/// The slot in which a fused update's product keeps sums between blocks; kNone if there is none.
inline SlotId scratch_slot(const ops::Product& p, const Op& op) {
  const size_t moved = std::holds_alternative<ops::AdamUpdate>(p.update)  ? 3
                       : std::get<ops::SgdUpdate>(p.update).momentum != 0 ? 2
                                                                          : 1;
  return op.out.size() > moved ? op.out[moved] : kNone;
}

template <class T>
void run(const ops::Product& p, const Op& op, const Frame<T>& f) {
  using ops::Product;
  const auto optional = [&](size_t which) { return which < op.in.size() ? op.in[which] : kNone; };
  const SlotId x = op.in[Product::kX];
  const SlotId w = op.in[Product::kW];
  const bool updates = !std::holds_alternative<std::monostate>(p.update);
  const SlotId y = updates ? scratch_slot(p, op) : op.out[0];
  const Range rows = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const auto written = f.columns(op.out[0], cols);
  const int64_t offset = written.at - f.at(op.out[0]) + rows.begin * written.row;
  const int64_t x_cols = f.last(x);

  kernels::ProductArgsOf<T> a = {.x = f.at(x),
                                 .x_row = p.x_transposed ? 1 : x_cols,
                                 .x_col = p.x_transposed ? x_cols : 1,
                                 .w = nullptr,
                                 .w_row = 0,
                                 .w_col = 0,
                                 .start = nullptr,
                                 .start_row = 0,
                                 .y = y == kNone ? nullptr : f.at(y) + offset,
                                 .y_row = written.row,
                                 .rows = rows.size(),
                                 .cols = cols.size(),
                                 .depth = p.x_transposed ? f.size(x) / x_cols : x_cols,
                                 .pack = f.scratch};
  if (p.w_transposed) {
    a.w_row = 1;
    a.w_col = f.last(w);
    a.w = f.at(w) + cols.begin * a.w_col;
  } else {
    const auto read = f.columns(w, cols);
    a.w_row = read.row;
    a.w_col = 1;
    a.w = read.at;
  }
  if (op.accumulate) {
    a.start = a.y;
    a.start_row = written.row;
  } else if (op.in[Product::kStart] != kNone) {
    a.start = f.at(op.in[Product::kStart]) + cols.begin;
  }
  if (p.decode) {
    a.bytes = reinterpret_cast<const uint8_t* const*>(f.rows_of(x));
    a.bytes_transposed = p.x_transposed;
    if (p.x_transposed) {
      a.first_byte = rows.begin;
    } else {
      a.bytes += rows.begin;
    }
    a.decoded = f.numbers_of(*p.decode);
    a.x = nullptr;
  } else {
    a.x += rows.begin * a.x_row;
  }
  if (const SlotId listed = optional(Product::kListed); listed != kNone && all_listed(listed, f)) {
    a.nonzero = f.template at<uint64_t>(op.in[Product::kNonzero]) + rows.begin;
    a.nonzero_word = f.last(op.in[Product::kNonzero]);
  }
  a.epilogue.function = p.function;
  if (const SlotId saved = optional(Product::kSaved); saved != kNone) {
    a.epilogue.saved = f.at(saved) + offset;
  }
  if (const auto* sgd = std::get_if<ops::SgdUpdate>(&p.update)) {
    a.epilogue.update = arguments(*sgd, op, f, offset, 0);
  }
  if (const auto* adam = std::get_if<ops::AdamUpdate>(&p.update)) {
    a.epilogue.update = arguments(*adam, op, f, optional(Product::kAlpha), offset, 0);
  }
  f.kernels.product(a);
}

template <class T>
void run(const ops::SumRows&, const Op& op, const Frame<T>& f) {
  const auto own = f.cols(op, op.out[0]);
  const int64_t cols = f.last(op.in[0]);
  f.kernels.sum_rows({.x = f.at(op.in[0]) + own.begin,
                      .x_row = cols,
                      .y = f.at(op.out[0]) + own.begin,
                      .rows = f.size(op.in[0]) / cols,
                      .cols = own.size(),
                      .accumulate = op.accumulate});
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
