#pragma once

// How each op is carried out by one member: an overload an op, from slots to a kernel's arguments.

#include <cmath>
#include <type_traits>

#include "cornu/core/rng.h"
#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Decode& x, const Op& op, const Frame<T>& f) {
  const auto own = f.elements(op.out[0]);
  const Slot& stored = f.slot(op.in[0]);
  const std::byte* from = f.memory[static_cast<size_t>(op.in[0])] +
                          static_cast<size_t>(own.begin) * itemsize(stored.dtype);
  f.kernels.decode({.x = from,
                    .dtype = stored.dtype,
                    .y = f.at(op.out[0]) + own.begin,
                    .size = own.size(),
                    .divisor = static_cast<T>(x.divisor),
                    .offset = static_cast<T>(x.offset)});
}

template <class T>
void run(const ops::OneHot& x, const Op& op, const Frame<T>& f) {
  const auto own = f.share(op.out[0]);
  const auto label_size = static_cast<int64_t>(itemsize(f.slot(op.in[0]).dtype));
  f.kernels.one_hot({.labels = f.memory[static_cast<size_t>(op.in[0])] + own.begin * label_size,
                     .label_size = label_size,
                     .y = f.at(op.out[0]) + own.begin * x.classes,
                     .rows = own.size(),
                     .cols = x.classes});
}

template <class T>
void run(const ops::Product& p, const Op& op, const Frame<T>& f) {
  const SlotId x = op.in[0];
  const SlotId w = op.in[1];
  const SlotId y = op.out[0];
  const auto own = f.lines(y);
  const int64_t cols = f.last(y);
  const int64_t x_cols = f.last(x);
  const int64_t w_cols = f.last(w);
  T* const out = f.at(y) + own.begin * cols;
  const T* start = op.accumulate ? out : f.at(op.in[2]);
  f.kernels.product({.x = f.at(x) + own.begin * (p.x_transposed ? 1 : x_cols),
                     .x_row = p.x_transposed ? 1 : x_cols,
                     .x_col = p.x_transposed ? x_cols : 1,
                     .w = f.at(w),
                     .w_row = p.w_transposed ? 1 : w_cols,
                     .w_col = p.w_transposed ? w_cols : 1,
                     .start = start,
                     .start_row = op.accumulate ? cols : 0,
                     .y = out,
                     .y_row = cols,
                     .rows = own.size(),
                     .cols = cols,
                     .depth = p.x_transposed ? f.size(x) / x_cols : x_cols,
                     .pack = f.scratch});
}

template <class T>
void run(const ops::SumRows&, const Op& op, const Frame<T>& f) {
  const auto own = f.share(op.out[0]);
  const int64_t cols = f.last(op.in[0]);
  f.kernels.sum_rows({.x = f.at(op.in[0]) + own.begin,
                      .x_row = cols,
                      .y = f.at(op.out[0]) + own.begin,
                      .rows = f.size(op.in[0]) / cols,
                      .cols = own.size(),
                      .accumulate = op.accumulate});
}

template <class T>
void run(const ops::Pointwise& p, const Op& op, const Frame<T>& f) {
  const auto own = f.elements(op.out[0]);
  f.kernels.pointwise(
      {p.function, f.at(op.in[0]) + own.begin, f.at(op.out[0]) + own.begin, own.size()});
}

template <class T>
void run(const ops::PointwiseBack& p, const Op& op, const Frame<T>& f) {
  const auto own = f.elements(op.out[0]);
  f.kernels.pointwise_back({p.function, f.at(op.in[0]) + own.begin, f.at(op.in[1]) + own.begin,
                            f.at(op.out[0]) + own.begin, own.size(), op.accumulate});
}

template <class T>
void run(const ops::Softmax&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax({f.at(op.in[0]) + begin, f.at(op.out[0]) + begin, own.size(), cols});
}

template <class T>
void run(const ops::SoftmaxBack&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin, f.at(op.out[0]) + begin,
                          own.size(), cols, op.accumulate});
}

template <class T>
void run(const ops::SoftmaxCrossentropy&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_crossentropy({f.at(op.in[0]) + begin, f.at(op.in[2]) + begin,
                                  f.at(op.out[0]) + own.begin, own.size(), cols});
}

// A loss is a mean over all its values, so each weighs weight / (how many there are).
template <class T>
T loss_scale(double weight, SlotId values, const Frame<T>& f) {
  return static_cast<T>(weight / static_cast<double>(f.size(values) / f.last(values)));
}

template <class T>
void run(const ops::SoftmaxCrossentropyBack& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_crossentropy_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                                       f.at(op.out[0]) + begin, loss_scale(x.weight, op.out[0], f),
                                       own.size(), cols, op.accumulate});
}

template <class T>
void run(const ops::Crossentropy& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.crossentropy({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                          f.at(op.out[0]) + own.begin, own.size(), cols, x.clip_first});
}

template <class T>
void run(const ops::CrossentropyBack& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.crossentropy_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                               f.at(op.out[0]) + begin, loss_scale(x.weight, op.out[0], f),
                               own.size(), cols, x.clip_first, op.accumulate});
}

template <class T>
void run(const ops::Dropout& x, const Op& op, const Frame<T>& f) {
  const auto own = f.share(op.out[0]);
  const int64_t cols = f.size(op.out[0]) / f.rows;
  f.kernels.dropout({.x = f.at(op.in[0]) + own.begin * cols,
                     .y = f.at(op.out[0]) + own.begin * cols,
                     .rows = own.size(),
                     .cols = cols,
                     .rate = static_cast<T>(x.rate),
                     .key = mix(mix(f.context.seed, x.stream), f.context.epoch),
                     .sample = f.batch.sample.data() + own.begin,
                     .accumulate = op.accumulate});
}

template <class T>
void run(const ops::SgdUpdate& x, const Op& op, const Frame<T>& f) {
  const auto own = f.elements(op.out[0]);
  f.kernels.sgd({.w = f.at(op.out[0]) + own.begin,
                 .dw = f.at(op.in[0]) + own.begin,
                 .velocity = op.out.size() > 1 ? f.at(op.out[1]) + own.begin : nullptr,
                 .size = own.size(),
                 .learning_rate = static_cast<T>(f.context.learning_rate),
                 .momentum = static_cast<T>(x.momentum),
                 .nesterov = x.nesterov});
}

template <class T>
void run(const ops::AdamStep& x, const Op& op, const Frame<T>& f) {
  const auto power = [&](size_t i) -> double& {
    return *reinterpret_cast<double*>(f.memory[static_cast<size_t>(op.out[i])]);
  };
  power(1) *= static_cast<double>(static_cast<float>(x.beta_1));
  power(2) *= static_cast<double>(static_cast<float>(x.beta_2));
  *f.at(op.out[0]) =
      static_cast<T>(f.context.learning_rate * std::sqrt(1 - power(2)) / (1 - power(1)));
}

template <class T>
void run(const ops::AdamUpdate& x, const Op& op, const Frame<T>& f) {
  const auto own = f.elements(op.out[0]);
  f.kernels.adam({.w = f.at(op.out[0]) + own.begin,
                  .dw = f.at(op.in[0]) + own.begin,
                  .m = f.at(op.out[1]) + own.begin,
                  .v = f.at(op.out[2]) + own.begin,
                  .size = own.size(),
                  .alpha = *f.at(op.in[1]),
                  .one_minus_beta_1 = static_cast<T>(1 - x.beta_1),
                  .one_minus_beta_2 = static_cast<T>(1 - x.beta_2),
                  .epsilon = static_cast<T>(x.epsilon)});
}

/// Every op of the plan, in order, as one member of the team does it.
template <class T>
void run_member(const Frame<T>& frame, Team::Member& member) {
  for (const Op& op : frame.plan.ops) {
    if (op.barrier) member.barrier();
    if (op.phase == Phase::update && !frame.context.closes) continue;
    if (op.split == Split::one && frame.member != 0) continue;
    std::visit([&](const auto& what) { run<T>(what, op, frame); }, op.what);
  }
}

}  // namespace cornu::inline v0
