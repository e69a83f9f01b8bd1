#pragma once

// Losses and their gradients, as one member carries them out.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

// A loss is the mean of all its values, so the factor of each is weight / (number of values).
template <class T>
T loss_scale(double weight, SlotId values, const Frame<T>& f) {
  return static_cast<T>(weight / static_cast<double>(f.size_of_all(values) / f.last(values)));
}

template <class T>
void run(const ops::MeanBack& x, const Op& op, const Frame<T>& f) {
  const auto each = static_cast<T>(x.weight / static_cast<double>(f.size_of_all(op.out[0])));
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.fill({f.at(op.out[0]) + offset, size, each, op.accumulate});
  });
}

// One weight for all elements of a row.
template <class T>
void run(const ops::ScaleRows& x, const Op& op, const Frame<T>& f) {
  const int64_t weights = f.size(op.in[1]);
  const int64_t cols = f.size(op.in[0]) / weights;
  const int64_t each = weights / f.rows;
  const Range own = f.batch_rows(op);
  for (int64_t i = own.begin * each; i < own.end * each; ++i) {
    const T weight =
        f.at(op.in[1])[i] * (x.times_count ? static_cast<T>(f.size_of_all(op.in[1])) : 1);
    f.kernels.affine({f.at(op.in[0]) + i * cols, f.at(op.out[0]) + i * cols, cols, weight,
                      static_cast<T>(0), op.accumulate});
  }
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

/// The rows of predictions and targets that this member computes.
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
