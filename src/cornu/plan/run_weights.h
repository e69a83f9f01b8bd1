#pragma once

// Embeddings and penalties, as one member carries them out.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

template <class T>
void run(const ops::Embedding&, const Op& op, const Frame<T>& f) {
  f.for_each_part(op, [&](const PartOf<T>& part) {
    f.kernels.embedding({.x = f.at(op.in[0]) + part.line,
                         .size = part.lines,
                         .table = f.at(op.in[1]),
                         .lines = f.slot(op.in[1]).shape[0],
                         .cols = part.cols,
                         .y = f.at(op.out[0], part)});
  });
}

// Every member reads all indices and sums the gradients of its own lines of the table.
template <class T>
void run(const ops::EmbeddingBack&, const Op& op, const Frame<T>& f) {
  const SlotId dy = op.in[0];
  const Range own = f.lines(op, op.out[0]);
  const int64_t all = f.size(op.in[1]);
  const int64_t at_once = f.slot(dy).strides ? 1 : all;
  for (int64_t line = 0; line < all; line += at_once) {
    f.kernels.embedding_back({.x = f.at(op.in[1]) + line,
                              .size = at_once,
                              .dy = f.at(dy, {line, at_once, 0, f.last(dy)}),
                              .dtable = f.at(op.out[0]),
                              .lines = f.slot(op.out[0]).shape[0],
                              .cols = f.last(op.out[0]),
                              .begin = own.begin,
                              .end = own.end,
                              .accumulate = op.accumulate || line > 0});
  }
}

template <class T>
void run(const ops::Penalty& x, const Op& op, const Frame<T>& f) {
  *f.at(op.out[0]) =
      static_cast<T>(f.kernels.penalty(f.at(op.in[0]), f.size(op.in[0]), x.l1, x.l2));
}

template <class T>
void run(const ops::PenaltyBack& x, const Op& op, const Frame<T>& f) {
  f.for_each_run(op, [&](int64_t offset, int64_t size) {
    f.kernels.penalty_back({.w = f.at(op.in[1]) + offset,
                            .dw = f.at(op.out[0]) + offset,
                            .size = size,
                            .factor = *f.at(op.in[0]),
                            .l1 = static_cast<T>(x.l1),
                            .l2 = static_cast<T>(2 * x.l2),
                            .accumulate = op.accumulate});
  });
}

}  // namespace cornu::inline v0
