#pragma once

// Convolutions as one member carries them out: a few images at a time, or a part of one.

#include <algorithm>
#include <optional>

#include "cornu/plan/run_pool.h"
#include "cornu/plan/run_product.h"
#include "cornu/plan/run_sparse.h"
#include "cornu/plan/windows.h"

namespace cornu::inline v0 {

/// w as a convolution reads it: one group's filters are the columns, `next_group` numbers before
/// those of the next.
struct KernelLayout {
  SlotId w, start;
  int64_t groups, row, next_group;
};

/// A member's scratch behind that of windows, at the begin of a cache line.
template <class T>
void* behind_windows(const WindowLayout& layout, int64_t at_once, const Frame<T>& f) {
  const auto end =
      reinterpret_cast<uintptr_t>(f.scratch + ScratchWindows<T>::size(layout, at_once));
  return reinterpret_cast<void*>((end + 63) / 64 * 64);
}
/// The numbers that such scratch takes.
template <class T>
int64_t numbers_behind(int64_t bytes) {
  return (bytes + 63) / static_cast<int64_t>(sizeof(T)) + 1;
}

/// A layout for so few filters that kernels run their lanes along windows: these must then begin
/// side by side.
inline WindowLayout for_filters(WindowLayout layout, int64_t cols, const Op& op) {
  layout.in_planes = cols <= kernels::kMostNarrow && layout.places[1] > cols &&
                     layout.channels > 1 && layout.group_channels == layout.channels &&
                     layout.strides[1] == 1 && !op.fused.decode;
  return layout;
}

/// A layout without the places down and across that pooling to `pooled` does not see.
inline WindowLayout as_pooled(WindowLayout layout, const ops::Window& pool, const Shape& pooled) {
  if (pool.same) return layout;
  layout.places[0] = std::min(layout.places[0], (pooled[1] - 1) * pool.down + pool.height);
  layout.places[1] = std::min(layout.places[1], (pooled[2] - 1) * pool.right + pool.width);
  return layout;
}
inline WindowLayout layout_of(const ops::Convolution& c, const Op& op, const Shape& y) {
  const WindowLayout layout = layout_of(c.sliding);
  return op.fused.pool ? as_pooled(layout, *op.fused.pool, y) : layout;
}

/// The places of images that a part of a convolution's output is computed from: where it is pooled,
/// those that its windows see.
inline Range places_seen(const std::optional<PoolPart>& pool, const ImagePart& part) {
  if (!pool) return part.places;
  const kernels::PoolShape& seen = pool->shape;
  return {pool->first_row * seen.cols, (pool->first_row + seen.rows) * seen.cols};
}

/// The rows of windows of pooling that are computed at once, so that what they see stays in a cache
/// of the first level: all, where the kernel is so large that it would be reread too often, or
/// where rows of windows overlap.
inline int64_t pooled_rows_at_once(const ops::Window& pool, const WindowLayout& layout,
                                   int64_t filters) {
  constexpr int64_t kNumbers = int64_t{1} << 12;
  const int64_t row = pool.down * layout.places[1] * filters;
  if (pool.height > pool.down || 4 * layout.depth() * filters > kNumbers) return layout.places[0];
  return std::max(kNumbers / row, int64_t{1});
}

/// f(part) for parts of a part with at most `rows` of its rows of `width` places each: whole images
/// as they are if they have no more.
template <class F>
void for_each_band(const ImagePart& part, int64_t rows, int64_t width, const F& f) {
  const int64_t most = rows * width;
  if (part.places.size() <= most) return f(part);
  for (int64_t image = part.images.begin; image < part.images.end; ++image) {
    for (int64_t at = part.places.begin; at < part.places.end; at += most) {
      f(ImagePart{{image, image + 1}, {at, std::min(at + most, part.places.end)}});
    }
  }
}

/// The part of a convolution that a member computes: y = start + windows · w, pooled where the op
/// says so. Not that of images for which `is_done` says that it is.
template <class T, class IsDone>
void convolve(const WindowLayout& given, const KernelLayout& kernel, const Op& op,
              const Frame<T>& f, const IsDone& is_done) {
  const int64_t filters = f.last(op.out[0]);
  const int64_t cols = filters / kernel.groups;
  const WindowLayout layout = for_filters(given, cols, op);
  const int64_t y_line = op.fused.pool ? filters : f.line(op.out[0]);
  const bool pools_each = op.fused.pool && !f.are_side_by_side(op);
  const int64_t at_once = pools_each ? 1 : layout.images_at_once(filters);
  const Shape images = {kRows, layout.places[0], layout.places[1], filters};
  ScratchWindows<T> windows(layout, at_once, op, f);
  T* const unpooled =
      op.fused.pool ? static_cast<T*>(behind_windows<T>(layout, at_once, f)) : nullptr;
  const Shape& shape = f.slot(op.out[0]).shape;
  const int64_t rows =
      op.fused.pool ? pooled_rows_at_once(*op.fused.pool, layout, filters) : shape[1];
  // The largest relu is the relu of the largest.
  const bool rectifies = op.fused.pool && op.fused.function == ops::Function::relu;
  const auto compute = [&](const ImagePart& part, int64_t first_image) {
    std::optional<PoolPart> pool;
    if (op.fused.pool) pool = pool_part(*op.fused.pool, images, shape, part);
    const ImagePart computed = {part.images, places_seen(pool, part)};
    kernels::WindowsOf<T> seen = windows.get();
    seen.images += part.images.begin - first_image;
    seen.first = computed.places.begin;
    for (int64_t group = 0; group < kernel.groups; ++group) {
      if (kernel.groups > 1) windows.choose_group(group);
      const int64_t offset = computed.first(layout.windows()) * y_line + group * cols;
      T* const y = pool ? unpooled + group * cols : f.at(op.out[0]) + offset;
      const T* const start = op.accumulate           ? y
                             : kernel.start == kNone ? nullptr
                                                     : f.at(kernel.start) + group * cols;
      f.kernels.product(
          {.x = nullptr,
           .x_row = 0,
           .x_col = 0,
           .w = f.at(kernel.w) + group * kernel.next_group,
           .w_row = kernel.row,
           .w_col = 1,
           .start = start,
           .start_row = op.accumulate ? y_line : 0,
           .y = y,
           .y_row = y_line,
           .rows = computed.size(),
           .cols = cols,
           .depth = layout.depth(),
           .pack = f.scratch,
           .windows = seen,
           .epilogue = rectifies ? kernels::EpilogueOf<T>{} : epilogue(op, f, offset)});
    }
    if (pool) max_pool(*pool, unpooled, rectifies, part, op, f);
  };
  for_each_part_of_images(op, f, at_once, [&](const ImagePart& part) {
    if (is_done(part.images)) return;
    windows.choose_images(part.images);
    for_each_band(part, rows, shape[2],
                  [&](const ImagePart& band) { compute(band, part.images.begin); });
  });
}

template <class T>
void run(const ops::Convolution& c, const Op& op, const Frame<T>& f) {
  const int64_t filters = f.last(op.out[0]);
  convolve(over(f.slot(op.in[0]), layout_of(c, op, f.slot(op.out[0]).shape)),
           {.w = op.in[1],
            .start = op.in[2],
            .groups = c.sliding.groups,
            .row = filters,
            .next_group = filters / c.sliding.groups},
           op, f, [](const Range&) { return false; });
}

template <class T>
void run(const ops::ConvolutionBack& c, const Op& op, const Frame<T>& f) {
  const WindowLayout layout = over(f.slot(op.in[0]), layout_of_back(c.sliding, f.last(op.in[0])));
  const int64_t channels = c.sliding.group_channels();
  const WindowLayout windows = layout_of(c.sliding);
  std::optional<SparseBack<T>> sparse;
  if (op.fused.skips_zeros) {
    const int64_t at_once = layout.images_at_once(c.sliding.channels);
    sparse.emplace(windows, c.sliding, op, f, behind_windows<T>(layout, at_once, f));
  }
  convolve(layout,
           {.w = op.in[1],
            .start = kNone,
            .groups = c.sliding.groups,
            .row = channels,
            .next_group = layout.depth() * channels},
           op, f, [&](const Range& now) { return sparse && sparse->compute(now); });
}

template <class T>
void run(const ops::TurnKernel& t, const Op& op, const Frame<T>& f) {
  const int64_t filters = f.last(op.in[0]);
  const int64_t group_filters = filters / t.groups;
  const int64_t channels = f.last(op.out[0]);
  const Range own = f.lines(op, op.out[0]);
  for (int64_t line = own.begin; line < own.end; ++line) {
    const int64_t group = line / (t.pixels * group_filters);
    const int64_t pixel = line / group_filters % t.pixels;
    const int64_t filter = group * group_filters + line % group_filters;
    const T* const from = f.at(op.in[0]) + pixel * channels * filters + filter;
    f.kernels.copy({from, filters, f.at(op.out[0]) + line * channels, 1, channels, 1, false});
  }
}

template <class T>
void run(const ops::ConvolutionKernel& c, const Op& op, const Frame<T>& f) {
  const WindowLayout layout = over(f.slot(op.in[0]), layout_of(c.sliding));
  const int64_t filters = f.last(op.in[1]);
  const int64_t dy_line = f.line(op.in[1]);
  const int64_t group_filters = filters / c.sliding.groups;
  const Range rows = f.lines(op, op.out[0]);
  const Range cols = f.cols(op, op.out[0]);
  const SlotId sums = sums_slot(op);
  const int64_t at_once = layout.images_at_once(filters);
  ScratchWindows<T> windows(layout, at_once, op, f);
  std::optional<SparseKernel<T>> sparse;
  if (op.fused.skips_zeros) {
    sparse.emplace(layout, at_once, op, f, behind_windows<T>(layout, at_once, f));
  }
  for (int64_t first = 0; first < f.rows; first += at_once) {
    const Range now = {first, std::min(first + at_once, f.rows)};
    windows.choose_images(now);
    if (sparse && sparse->add(now, windows)) continue;
    if (sparse) sparse->turn_back();
    for (int64_t group = 0; group < c.sliding.groups; ++group) {
      const Range own = {std::max(cols.begin, group * group_filters),
                         std::min(cols.end, (group + 1) * group_filters)};
      if (own.size() <= 0) continue;
      if (c.sliding.groups > 1) windows.choose_group(group);
      const int64_t offset = rows.begin * filters + own.begin;
      T* const y = f.at(sums) + offset;
      kernels::WindowsOf<T> seen = windows.get();
      seen.element += rows.begin;
      f.kernels.product(
          {.x = nullptr,
           .x_row = 0,
           .x_col = 0,
           .w = f.at(op.in[1]) + first * layout.windows() * dy_line + own.begin,
           .w_row = dy_line,
           .w_col = 1,
           .start = first > 0 || op.accumulate ? y : nullptr,
           .start_row = filters,
           .y = y,
           .y_row = filters,
           .rows = rows.size(),
           .cols = own.size(),
           .depth = now.size() * layout.windows(),
           .pack = f.scratch,
           .windows = seen,
           .windows_transposed = true,
           .epilogue = now.end < f.rows ? kernels::EpilogueOf<T>{} : epilogue(op, f, offset)});
    }
  }
  if (sparse) sparse->finish();
}

template <class T>
int64_t scratch_numbers(const ops::Convolution& c, const Op& op, const Plan& plan) {
  const WindowLayout layout = layout_of(c, op, plan.slot(op.out[0]).shape);
  const int64_t filters = plan.slot(op.in[1]).shape.back();
  const int64_t at_once = layout.images_at_once(filters);
  const int64_t windows = ScratchWindows<T>::size(layout, at_once);
  if (!op.fused.pool) return windows;
  const int64_t unpooled = at_once * layout.windows() * filters;
  return windows + numbers_behind<T>(unpooled * static_cast<int64_t>(sizeof(T)));
}
template <class T>
int64_t scratch_numbers(const ops::ConvolutionBack& c, const Op& op, const Plan& plan) {
  const int64_t filters = plan.slot(op.in[0]).shape.back();
  const WindowLayout layout = layout_of_back(c.sliding, filters);
  const int64_t dense = ScratchWindows<T>::size(layout, layout.images_at_once(c.sliding.channels));
  if (!op.fused.skips_zeros) return dense;
  return dense + numbers_behind<T>(SparseBack<T>::bytes(layout_of(c.sliding), filters));
}
template <class T>
int64_t scratch_numbers(const ops::ConvolutionKernel& c, const Op& op, const Plan& plan) {
  const WindowLayout layout = layout_of(c.sliding);
  const int64_t filters = plan.slot(op.in[1]).shape.back();
  const int64_t at_once = layout.images_at_once(filters);
  const int64_t dense = ScratchWindows<T>::size(layout, at_once);
  if (!op.fused.skips_zeros) return dense;
  return dense + numbers_behind<T>(SparseKernel<T>::bytes(layout, at_once, filters));
}

}  // namespace cornu::inline v0
