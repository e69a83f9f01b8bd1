#pragma once

// What layers on images and on sequences share: Keras's data_format, and options with a number for
// each axis. Ops see images with the channels last, so a layer with "channels_first" turns its
// input and its output.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/layers/layer.h"
#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {

using DataFormat = std::optional<std::string>;

inline bool is_channels_first(const DataFormat& format) {
  return format == "channels_first";
}

template <class L>
void require_data_format(const typename L::Options& options) {
  const DataFormat& format = options.data_format;
  require<L>(!format || format == "channels_last" || is_channels_first(format), options,
             "data_format", "\"channels_last\" or \"channels_first\"",
             "\"" + format.value_or("") + "\"");
}

/// Bounds beyond which arithmetic with extents of images might overflow.
inline constexpr int64_t kMostPerAxis = int64_t{1} << 24;
inline constexpr int64_t kLargestExtent = (int64_t{1} << 31) - 1;

/// The same numbers for each of `axes` axes: one number counts for all. Error unless there are one
/// or `axes` of them, each at least 1 and at most 2²⁴.
template <class L>
std::vector<int64_t> per_axis(const typename L::Options& options, const char* field,
                              std::vector<int64_t> numbers, size_t axes) {
  if (numbers.size() == 1) numbers.resize(axes, numbers[0]);
  bool holds = numbers.size() == axes;
  for (const int64_t each : numbers) holds = holds && each >= 1;
  require<L>(
      holds, options, field,
      std::string(field) + " of " + (axes == 1 ? "a number" : "one or two numbers") + " above 0",
      Value(to_value(numbers)).str());
  for (const int64_t each : numbers) {
    require<L>(each <= kMostPerAxis, options, field, std::string(field) + " of at most 16,777,216",
               Value(to_value(numbers)).str());
  }
  return numbers;
}

/// The shape x, (None, …, channels), as its data_format has it.
inline Shape in_data_format(const Shape& x, const DataFormat& format) {
  if (!is_channels_first(format)) return x;
  std::vector<int64_t> extents(x.extents().begin(), x.extents().end());
  const int64_t channels = extents.back();
  extents.pop_back();
  extents.insert(extents.begin() + 1, channels);
  return Shape(extents);
}

/// The shape x with the channels last. Error unless it has `axes` axes besides those of the batch
/// and of the channels.
inline Shape channels_last(const Shape& x, int axes, const DataFormat& format,
                           const std::string& where) {
  if (x.ndim() != axes + 2) {
    const std::string axis_names = axes == 1 ? "steps" : "height, width";
    throw Error({.where = where,
                 .expected = is_channels_first(format) ? "(None, channels, " + axis_names + ")"
                                                       : "(None, " + axis_names + ", channels)",
                 .found = x.str(),
                 .hint = axes == 2 && x.ndim() == 3
                             ? "images of one channel need an axis for it: Reshape to (height, "
                               "width, 1)"
                             : ""});
  }
  for (const int64_t extent : x.extents()) {
    if (extent <= kLargestExtent) continue;
    throw Error({.where = where, .expected = "extents below 2,147,483,648", .found = x.str()});
  }
  if (!is_channels_first(format)) return x;
  std::vector<int64_t> extents(x.extents().begin(), x.extents().end());
  const int64_t channels = extents[1];
  extents.erase(extents.begin() + 1);
  extents.push_back(channels);
  return Shape(extents);
}

inline SlotId to_channels_last(Builder& b, SlotId x, const DataFormat& format) {
  if (!is_channels_first(format)) return x;
  return b.emit_one(ops::move_axis(1, b.slot(x).shape.ndim() - 1), {x});
}

inline SlotId from_channels_last(Builder& b, SlotId y, const DataFormat& format) {
  if (!is_channels_first(format)) return y;
  return b.emit_one(ops::move_axis(b.slot(y).shape.ndim() - 1, 1), {y});
}

/// Puts Keras's "same" zeros around an axis: as many as give a place for each step, the odd one
/// after it.
inline void pad_as_same(ops::Sliding& s, size_t axis) {
  const int64_t step = s.strides[axis];
  const int64_t last = (ops::num_windows(s.extents[axis], s.span(axis), step, true) - 1) * step;
  s.before[axis] = ops::before_first(s.extents[axis], s.span(axis), step, true);
  s.after[axis] = std::max(last + s.span(axis) - s.extents[axis] - s.before[axis], int64_t{0});
}

/// Error when a kernel has no place on images x.
inline void require_kernel_fits(const ops::Sliding& s, const std::vector<int64_t>& kernel_size,
                                const Shape& x, const std::string& where) {
  if (s.places() >= 1) return;
  throw Error({.where = where,
               .field = "kernel_size",
               .expected = "a kernel that fits into the input, " + x.str(),
               .found = "kernel_size " + Value(to_value(kernel_size)).str(),
               .hint = "padding \"same\" lets it reach over the edges"});
}

/// A sequence, (None, steps, channels), as an image one element high; an image as it is.
inline Shape as_image(const Shape& x) {
  return x.ndim() == 3 ? Shape{x[0], 1, x[1], x[2]} : x;
}
inline SlotId as_image(Builder& b, SlotId x) {
  return b.reshape(x, as_image(b.slot(x).shape));
}
/// An image one element high as a sequence.
inline SlotId as_sequence(Builder& b, SlotId y) {
  const Shape& image = b.slot(y).shape;
  return b.reshape(y, Shape{image[0], image[2], image[3]});
}

}  // namespace cornu::inline v0
