#pragma once

// Embeddings and penalties, as one member carries them out.

#include <array>
#include <cmath>

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

// The row of the table for an index.
template <class T>
int64_t table_row(T index, int64_t rows) {
  if (!(index >= 1)) return 0;  // also for NaN
  return index >= static_cast<T>(rows) ? rows - 1 : static_cast<int64_t>(index);
}

template <class T>
void run(const ops::Embedding&, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const int64_t units = f.last(op.out[0]);
  const int64_t each = f.size(op.in[0]) / f.rows;
  const int64_t indices = f.slot(op.in[1]).shape[0];
  const T* const x = f.at(op.in[0]);
  for (int64_t i = own.begin * each; i < own.end * each; ++i) {
    const T* const from = f.at(op.in[1]) + table_row(x[i], indices) * units;
    std::copy(from, from + units, f.at(op.out[0]) + i * units);
  }
}

// Every member reads all indices and sums the gradients of its own rows of the table.
template <class T>
void run(const ops::EmbeddingBack&, const Op& op, const Frame<T>& f) {
  const Range own = f.lines(op, op.out[0]);
  const int64_t units = f.last(op.out[0]);
  const int64_t indices = f.slot(op.out[0]).shape[0];
  const T* const x = f.at(op.in[1]);
  T* const dtable = f.at(op.out[0]);
  if (!op.accumulate) std::fill(dtable + own.begin * units, dtable + own.end * units, T{0});
  for (int64_t i = 0; i < f.size(op.in[1]); ++i) {
    const int64_t row = table_row(x[i], indices);
    if (row < own.begin || row >= own.end) continue;
    const T* const dy = f.at(op.in[0]) + i * units;
    for (int64_t unit = 0; unit < units; ++unit) dtable[row * units + unit] += dy[unit];
  }
}

template <class T>
void run(const ops::Penalty& x, const Op& op, const Frame<T>& f) {
  constexpr int64_t kLanes = 16;
  std::array<double, kLanes> sizes{};
  std::array<double, kLanes> squares{};
  const T* const w = f.at(op.in[0]);
  const int64_t size = f.size(op.in[0]);
  for (int64_t i = 0; i < size; ++i) {
    const auto lane = static_cast<size_t>(i % kLanes);
    const auto value = static_cast<double>(w[i]);
    sizes[lane] += value < 0 ? -value : value;
    squares[lane] += value * value;
  }
  double l1 = 0;
  double l2 = 0;
  for (const double lane : sizes) l1 += lane;
  for (const double lane : squares) l2 += lane;
  *f.at(op.out[0]) = static_cast<T>(x.l1 * l1 + x.l2 * l2);
}

template <class T>
void run(const ops::PenaltyBack& x, const Op& op, const Frame<T>& f) {
  const T each = *f.at(op.in[0]);
  const auto l1 = static_cast<T>(x.l1);
  const auto l2 = static_cast<T>(2 * x.l2);
  f.for_each_run(op, op.out[0], [&](int64_t offset, int64_t size) {
    const T* const w = f.at(op.in[1]) + offset;
    T* const dw = f.at(op.out[0]) + offset;
    for (int64_t i = 0; i < size; ++i) {
      const T slope = (w[i] > 0 ? l1 : w[i] < 0 ? -l1 : 0) + l2 * w[i];
      dw[i] = op.accumulate ? dw[i] + each * slope : each * slope;
    }
  });
}

}  // namespace cornu::inline v0
