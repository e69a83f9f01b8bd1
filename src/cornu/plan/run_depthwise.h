#pragma once

// Depthwise convolutions as one member carries them out, image by image. Kernels know one number
// per channel of the kernel: with a multiplier, an image is copied so that each channel stands
// beside itself as often.

#include <algorithm>
#include <numeric>
#include <variant>

#include "cornu/plan/image_parts.h"
#include "cornu/plan/run_product.h"

namespace cornu::inline v0 {

inline kernels::TapAxis taps_along(const ops::Sliding& s, size_t axis) {
  return {.extent = s.extents[axis],
          .outputs = s.places(axis),
          .first = -s.before[axis],
          .step = s.strides[axis],
          .taps = s.size[axis],
          .apart = s.dilation[axis]};
}

/// The pixels of an image at which its gradient has the same taps: every strides-th one.
struct TapPhase {
  int64_t first_tap, next_tap;  ///< of the kernel
  kernels::TapAxis axis;        ///< over dy
};

/// The phase of pixel `first`, which is below strides.
inline TapPhase phase_along(const ops::Sliding& s, size_t axis, int64_t first) {
  const int64_t stride = s.strides[axis];
  const int64_t dilation = s.dilation[axis];
  TapPhase made = {.first_tap = 0,
                   .next_tap = stride / std::gcd(stride, dilation),
                   .axis = {.extent = s.places(axis),
                            .outputs = (s.extents[axis] - first + stride - 1) / stride,
                            .first = 0,
                            .step = 1,
                            .taps = 0,
                            .apart = 0}};
  const auto place = [&](int64_t tap) { return first + s.before[axis] - tap * dilation; };
  int64_t& tap = made.first_tap;
  while (tap < s.size[axis] && place(tap) % stride != 0) ++tap;
  if (tap == s.size[axis]) return made;
  made.axis.first = place(tap) / stride;
  made.axis.taps = (s.size[axis] - 1 - tap) / made.next_tap + 1;
  made.axis.apart = -made.next_tap * dilation / stride;
  return made;
}

/// x of a depthwise convolution image by image: as it lies, or in a member's scratch where it is
/// decoded or has a multiplier.
template <class T>
class DepthwiseImages {
 public:
  DepthwiseImages(const ops::DepthwiseSliding& over, const Op& op, const Frame<T>& f)
      : size_(size_of(over)), multiplier_(over.multiplier), op_(op), f_(f) {}

  static int64_t size_of(const ops::DepthwiseSliding& over) {
    return over.sliding.extents[0] * over.sliding.extents[1] * over.sliding.channels;
  }
  /// The most numbers of scratch that it takes.
  static int64_t scratch(const ops::DepthwiseSliding& over, const Op& op) {
    return size_of(over) *
           ((op.fused.decode ? 1 : 0) + (over.multiplier > 1 ? over.multiplier : 0));
  }

  const T* operator()(int64_t i) const {
    const T* const x = numbers(i);
    if (multiplier_ == 1) return x;
    T* const repeated = f_.scratch + (op_.fused.decode ? size_ : 0);
    for (int64_t at = 0; at < size_; ++at) {
      std::fill_n(repeated + at * multiplier_, multiplier_, x[at]);
    }
    return repeated;
  }

 private:
  const T* numbers(int64_t i) const {
    const SlotId x = op_.in[0];
    if (!op_.fused.decode) return f_.at(x) + i * size_;
    const auto* const rows = f_.rows_of(x);
    f_.kernels.decode({.x = rows != nullptr ? rows[i] : f_.bytes(x) + i * size_,
                       .dtype = f_.slot(x).dtype,
                       .y = f_.scratch,
                       .size = size_,
                       .divisor = static_cast<T>(op_.fused.decode->divisor),
                       .offset = static_cast<T>(op_.fused.decode->offset)});
    return f_.scratch;
  }

  const int64_t size_, multiplier_;
  const Op& op_;
  const Frame<T>& f_;
};

/// Applies the function that is fused behind an op to the sums of an image, `offset` numbers into
/// its output.
template <class T>
void apply_fused_function(const Op& op, const Frame<T>& f, int64_t offset, int64_t size) {
  const ops::Function function = op.fused.function;
  if (function == ops::Function::linear) return;
  T* const y = f.at(op.out[0]) + offset;
  const SlotId saved = op.fused_input(Fused::kSaved);
  if (saved == kNone) return f.kernels.pointwise({function, y, y, size});
  f.kernels.pointwise_back({function, f.at(saved) + offset, y, y, size, false});
}

template <class T>
void run(const ops::Depthwise& d, const Op& op, const Frame<T>& f) {
  const ops::Sliding& s = d.over.sliding;
  const int64_t filters = d.over.filters();
  const int64_t y_row = s.places(1) * filters;
  const DepthwiseImages<T> images(d.over, op, f);
  for_each_part_of_images(op, f, 1, [&](const ImagePart& part) {
    const int64_t offset = part.first(s.places()) * filters;
    T* const y = f.at(op.out[0]) + offset;
    const T* const start = op.accumulate ? y : f.at(op.in[2]);
    kernels::TapAxis down = taps_along(s, 0);
    down.first += part.places.begin / s.places(1) * down.step;
    down.outputs = part.places.size() / s.places(1);
    f.kernels.depthwise({.down = down,
                         .across = taps_along(s, 1),
                         .x = images(part.images.begin),
                         .x_row = s.extents[1] * filters,
                         .x_col = filters,
                         .w = f.at(op.in[1]),
                         .w_row = s.size[1] * filters,
                         .w_col = filters,
                         .start = start,
                         .start_row = op.accumulate ? y_row : 0,
                         .start_col = op.accumulate ? filters : 0,
                         .y = y,
                         .y_row = y_row,
                         .y_col = filters,
                         .channels = filters,
                         .depth = 1});
    apply_fused_function(op, f, offset, part.size() * filters);
  });
}

/// `positions` lines of numbers (channels, multiplier) as (multiplier, channels), in scratch.
template <class T>
const T* with_channels_last(const T* from, int64_t positions, const ops::DepthwiseSliding& over,
                            T* to) {
  if (over.multiplier == 1) return from;
  const int64_t channels = over.sliding.channels;
  for (int64_t p = 0; p < positions; ++p) {
    const T* const line = from + p * over.filters();
    for (int64_t m = 0; m < over.multiplier; ++m) {
      for (int64_t c = 0; c < channels; ++c) {
        to[p * over.filters() + m * channels + c] = line[c * over.multiplier + m];
      }
    }
  }
  return to;
}

template <class T>
void run(const ops::DepthwiseBack& d, const Op& op, const Frame<T>& f) {
  const ops::Sliding& s = d.over.sliding;
  const int64_t filters = d.over.filters();
  const int64_t dx_row = s.extents[1] * s.channels;
  const int64_t size = s.extents[0] * dx_row;
  const T* const w = with_channels_last(f.at(op.in[1]), s.pixels(), d.over, f.scratch);
  const Range own = f.batch_rows(op);
  for (int64_t i = own.begin; i < own.end; ++i) {
    const T* const dy = with_channels_last(f.at(op.in[0]) + i * s.places() * filters, s.places(),
                                           d.over, f.scratch + d.over.num_weights());
    for (int64_t r = 0; r < std::min(s.strides[0], s.extents[0]); ++r) {
      const TapPhase down = phase_along(s, 0, r);
      for (int64_t c = 0; c < std::min(s.strides[1], s.extents[1]); ++c) {
        const TapPhase across = phase_along(s, 1, c);
        T* const dx = f.at(op.out[0]) + i * size + r * dx_row + c * s.channels;
        f.kernels.depthwise({.down = down.axis,
                             .across = across.axis,
                             .x = dy,
                             .x_row = s.places(1) * filters,
                             .x_col = filters,
                             .w = w + (down.first_tap * s.size[1] + across.first_tap) * filters,
                             .w_row = down.next_tap * s.size[1] * filters,
                             .w_col = across.next_tap * filters,
                             .start = op.accumulate ? dx : nullptr,
                             .start_row = s.strides[0] * dx_row,
                             .start_col = s.strides[1] * s.channels,
                             .y = dx,
                             .y_row = s.strides[0] * dx_row,
                             .y_col = s.strides[1] * s.channels,
                             .channels = s.channels,
                             .depth = d.over.multiplier});
      }
    }
    apply_fused_function(op, f, i * size, size);
  }
}

/// Carries out the update that is fused behind a gradient on `size` sums, `offset` numbers into it.
template <class T>
void apply_fused_update(const Op& op, const Frame<T>& f, const T* sums, int64_t offset,
                        int64_t size) {
  auto update = epilogue(op, f, offset).update;
  std::visit(
      [&]<class U>(U& args) {
        if constexpr (!std::is_same_v<U, std::monostate>) {
          args.dw = sums;
          args.size = size;
          if constexpr (std::is_same_v<U, kernels::SgdArgsOf<T>>) f.kernels.sgd(args);
          if constexpr (std::is_same_v<U, kernels::AdamArgsOf<T>>) f.kernels.adam(args);
          if constexpr (std::is_same_v<U, kernels::RuleArgsOf<T>>) f.kernels.rule_update(args);
        }
      },
      update);
}

/// Numbers of dw as whole taps of `filters` each, but for the first and the last. f(taps,
/// f(taps, channels) for each part of them.
template <class F>
void for_each_part(const Range& own, int64_t filters, const F& f) {
  for (int64_t at = own.begin; at < own.end;) {
    const int64_t tap = at / filters;
    const int64_t channel = at % filters;
    const int64_t whole = (own.end - at) / filters;
    if (channel == 0 && whole > 0) {
      f(Range{tap, tap + whole}, Range{0, filters});
      at += whole * filters;
    } else {
      const int64_t end = std::min(filters, channel + own.end - at);
      f(Range{tap, tap + 1}, Range{channel, end});
      at += end - channel;
    }
  }
}

template <class T>
void run(const ops::DepthwiseKernel& d, const Op& op, const Frame<T>& f) {
  const ops::Sliding& s = d.over.sliding;
  const int64_t filters = d.over.filters();
  const Range own = f.cols(op, op.out[0]);
  if (own.size() == 0) return;
  const DepthwiseImages<T> images(d.over, op, f);
  const SlotId sums = sums_slot(op);
  T* const dw = sums == kNone ? f.scratch + DepthwiseImages<T>::scratch(d.over, op) : f.at(sums);
  if (!op.accumulate) std::fill_n(dw + own.begin, own.size(), T{0});
  for (int64_t i = 0; i < f.rows; ++i) {
    const T* const x = images(i);
    const T* const dy = f.at(op.in[1]) + i * s.places() * filters;
    for_each_part(own, filters, [&](const Range& taps, const Range& channels) {
      f.kernels.depthwise_kernel({.down = taps_along(s, 0),
                                  .across = taps_along(s, 1),
                                  .x = x + channels.begin,
                                  .x_row = s.extents[1] * filters,
                                  .x_col = filters,
                                  .dy = dy + channels.begin,
                                  .dy_row = s.places(1) * filters,
                                  .dy_col = filters,
                                  .dw = dw + channels.begin,
                                  .dw_tap = filters,
                                  .begin = taps.begin,
                                  .end = taps.end,
                                  .channels = channels.size()});
    });
  }
  apply_fused_function(op, f, own.begin, own.size());
  apply_fused_update(op, f, dw + own.begin, own.begin, own.size());
}

template <class T>
int64_t scratch_numbers(const ops::Depthwise& d, const Op& op, const Plan&) {
  return DepthwiseImages<T>::scratch(d.over, op);
}
template <class T>
int64_t scratch_numbers(const ops::DepthwiseBack& d, const Op&, const Plan&) {
  if (d.over.multiplier == 1) return 0;
  return d.over.num_weights() + d.over.sliding.places() * d.over.filters();
}
template <class T>
int64_t scratch_numbers(const ops::DepthwiseKernel& d, const Op& op, const Plan&) {
  const int64_t sums = sums_slot(op) == kNone ? d.over.num_weights() : 0;
  return DepthwiseImages<T>::scratch(d.over, op) + sums;
}

}  // namespace cornu::inline v0
