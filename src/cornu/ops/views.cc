#include "cornu/ops/views.h"

#include <algorithm>

namespace cornu::inline v0 {

Strides dense_strides(const Shape& shape) {
  Strides strides{};
  if (shape.ndim() > 0) strides[static_cast<size_t>(shape.ndim()) - 1] = 1;
  for (int i = shape.ndim() - 1; i > 0; --i) {
    strides[static_cast<size_t>(i) - 1] = strides[static_cast<size_t>(i)] * shape[i];
  }
  return strides;
}

Strides strides_of(const Slot& slot) {
  return slot.strides ? *slot.strides : dense_strides(slot.shape);
}

// Axes are matched from the last one on, in groups of as many elements on both sides. Within a
// group the elements must be evenly spaced.
std::optional<Strides> reshaped(const Shape& shape, const Strides& strides, const Shape& to) {
  if (!shape.has_rows() || !to.has_rows()) return std::nullopt;
  Strides made{};
  made[0] = strides[0];
  int from = shape.ndim() - 1;
  int axis = to.ndim() - 1;
  while (from > 0 || axis > 0) {
    while (from > 1 && shape[from] == 1) --from;
    const int64_t step = from > 0 ? strides[static_cast<size_t>(from)] : 1;
    int64_t from_size = 1;
    int64_t to_size = 1;
    do {
      if (axis > 0 && to_size <= from_size) {
        made[static_cast<size_t>(axis)] = step * to_size;
        to_size *= to[axis--];
      } else if (from > 0) {
        const bool is_even = strides[static_cast<size_t>(from)] == step * from_size;
        if (shape[from] != 1 && !is_even) return std::nullopt;
        from_size *= shape[from--];
      } else {
        return std::nullopt;
      }
    } while (from_size != to_size);
  }
  return made;
}

int64_t run_length(const Shape& shape, const Strides& strides) {
  int64_t length = 1;
  for (int i = shape.ndim() - 1; i > 0; --i) {
    if (shape[i] == 1) continue;
    if (strides[static_cast<size_t>(i)] != length) break;
    length *= shape[i];
  }
  return length;
}

int64_t line_stride(const Shape& shape, const Strides& strides) {
  int axis = shape.ndim() - 2;
  while (axis > 0 && shape[axis] == 1) --axis;
  return axis < 0 ? 0 : strides[static_cast<size_t>(axis)];
}

bool has_layout(const Shape& shape, const Strides& strides, Layout layout) {
  if (shape.ndim() == 0) return true;
  if (shape.back() != 1 && strides[static_cast<size_t>(shape.ndim()) - 1] != 1) return false;
  const int64_t run = run_length(shape, strides);
  const int64_t sample = shape.has_rows() ? shape.without_rows().size() : shape.size();
  switch (layout) {
    case Layout::side_by_side:
      return run == sample && strides[0] == sample;
    case Layout::samples:
      return run == sample;
    case Layout::lines: {
      int64_t stride = line_stride(shape, strides);
      for (int i = shape.ndim() - 2; i >= 0; --i) {
        if (shape[i] == 1) continue;
        if (strides[static_cast<size_t>(i)] != stride) return false;
        stride *= shape[i];
      }
      return true;
    }
    case Layout::any_lines:
      return true;
  }
  return false;
}

int64_t line_offset(const Shape& shape, const Strides& strides, int64_t line) {
  int64_t offset = 0;
  for (int i = shape.ndim() - 2; i > 0; --i) {
    offset += line % shape[i] * strides[static_cast<size_t>(i)];
    line /= shape[i];
  }
  return shape.ndim() < 2 ? 0 : offset + line * strides[0];
}

namespace {

// The begin and end, within each stretch of `period` numbers, of the slot's numbers. Nullopt where
// they are not at the same place in each.
struct Stretch {
  int64_t begin, end;
};
std::optional<Stretch> stretch_of(const Slot& slot, int64_t period) {
  const Strides strides = strides_of(slot);
  Stretch found = {slot.offset % period, slot.offset % period + 1};
  for (int i = 0; i < slot.shape.ndim(); ++i) {
    const int64_t stride = strides[static_cast<size_t>(i)];
    if (stride % period == 0) continue;
    if (stride > period || slot.shape[i] == kRows) return std::nullopt;
    found.end += (slot.shape[i] - 1) * stride;
  }
  return found.end <= period ? std::optional(found) : std::nullopt;
}

}  // namespace

bool overlap(const Slot& a, const Slot& b) {
  if (!a.strides && !b.strides) return true;
  for (const Slot* each : {&a, &b}) {
    if (!each->strides) continue;
    for (const int64_t period : *each->strides) {
      if (period <= 1) continue;
      const auto of_a = stretch_of(a, period);
      const auto of_b = stretch_of(b, period);
      if (of_a && of_b && (of_a->end <= of_b->begin || of_b->end <= of_a->begin)) return false;
    }
  }
  return true;
}

}  // namespace cornu::inline v0
