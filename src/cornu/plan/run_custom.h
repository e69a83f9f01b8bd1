#pragma once

// User-defined ops, as one member carries them out.

#include <algorithm>

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// The rows `own` of a slot that has the batch axis, or all of another slot.
template <class T>
std::span<T> rows_or_all(SlotId id, const Range& own, const Frame<T>& f) {
  const auto size = static_cast<size_t>(f.size(id));
  if (!f.slot(id).shape.has_rows()) return {f.at(id), size};
  const size_t each = size / static_cast<size_t>(f.rows);
  return {f.at(id) + static_cast<size_t>(own.begin) * each, static_cast<size_t>(own.size()) * each};
}

template <class T>
ops::CustomInputs<T> custom_inputs(const Op& op, size_t first, const Range& own,
                                   const Frame<T>& f) {
  ops::CustomInputs<T> in;
  in.rows = own.size();
  for (size_t i = first; i < op.in.size(); ++i)
    in.values[i - first] = rows_or_all(op.in[i], own, f);
  return in;
}

template <class T>
void run(const ops::Custom& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  if (own.size() == 0) return;
  x.function->forward(custom_inputs(op, 0, own, f), rows_or_all(op.out[0], own, f));
}

template <class T>
void run(const ops::CustomBack& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const std::span<T> dx = rows_or_all(op.out[0], own, f);
  if (!op.accumulate) std::ranges::fill(dx, T{0});
  if (own.size() == 0) return;
  x.function->backward(custom_inputs(op, 2, own, f), rows_or_all(op.in[1], own, f),
                       rows_or_all(op.in[0], own, f), static_cast<size_t>(x.input), dx);
}

}  // namespace cornu::inline v0
