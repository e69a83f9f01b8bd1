#pragma once

// How losses and their gradients are carried out by one member.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

// A loss is a mean over all its values, so each weighs weight / (how many there are).
template <class T>
T loss_scale(double weight, SlotId values, const Frame<T>& f) {
  return static_cast<T>(weight / static_cast<double>(f.size(values) / f.last(values)));
}

template <class T>
void run(const ops::SoftmaxCrossentropy&, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_crossentropy({f.at(op.in[0]) + begin, f.at(op.in[2]) + begin,
                                  f.at(op.out[0]) + own.begin, own.size(), cols});
}

template <class T>
void run(const ops::SoftmaxCrossentropyBack& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.softmax_crossentropy_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                                       f.at(op.out[0]) + begin, loss_scale(x.weight, op.out[0], f),
                                       own.size(), cols, op.accumulate});
}

template <class T>
void run(const ops::Crossentropy& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.crossentropy({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                          f.at(op.out[0]) + own.begin, own.size(), cols, x.clip_first});
}

template <class T>
void run(const ops::CrossentropyBack& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.crossentropy_back({f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                               f.at(op.out[0]) + begin, loss_scale(x.weight, op.out[0], f),
                               own.size(), cols, x.clip_first, op.accumulate});
}

template <class T>
void run(const ops::ElementLoss& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.element_loss({x.function, f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                          f.at(op.out[0]) + own.begin, own.size(), cols});
}

template <class T>
void run(const ops::ElementLossBack& x, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  f.kernels.element_loss_back({x.function, f.at(op.in[0]) + begin, f.at(op.in[1]) + begin,
                               f.at(op.out[0]) + begin, loss_scale(x.weight, op.out[0], f),
                               own.size(), cols, op.accumulate});
}

/// This member's rows of predictions and targets.
template <class T>
kernels::RowLossArgsOf<T> row_loss(const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.in[0]);
  const int64_t cols = f.last(op.in[0]);
  const int64_t begin = own.begin * cols;
  return {f.at(op.in[0]) + begin, f.at(op.in[1]) + begin, f.at(op.out[0]) + own.begin, own.size(),
          cols};
}

template <class T>
kernels::RowLossBackArgsOf<T> row_loss_back(double weight, const Op& op, const Frame<T>& f) {
  const auto own = f.lines(op, op.out[0]);
  const int64_t cols = f.last(op.out[0]);
  const int64_t begin = own.begin * cols;
  return {f.at(op.in[0]) + begin,
          f.at(op.in[1]) + begin,
          f.at(op.out[0]) + begin,
          loss_scale(weight, op.out[0], f),
          own.size(),
          cols,
          op.accumulate};
}

template <class T>
void run(const ops::CategoricalHinge&, const Op& op, const Frame<T>& f) {
  f.kernels.categorical_hinge(row_loss(op, f));
}

template <class T>
void run(const ops::CategoricalHingeBack& x, const Op& op, const Frame<T>& f) {
  f.kernels.categorical_hinge_back(row_loss_back(x.weight, op, f));
}

template <class T>
void run(const ops::CosineSimilarity&, const Op& op, const Frame<T>& f) {
  f.kernels.cosine_similarity(row_loss(op, f));
}

template <class T>
void run(const ops::CosineSimilarityBack& x, const Op& op, const Frame<T>& f) {
  f.kernels.cosine_similarity_back(row_loss_back(x.weight, op, f));
}

}  // namespace cornu::inline v0
