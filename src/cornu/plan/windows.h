#pragma once

// Where the windows of a convolution lie over images, as they lie, or copied with the zeros that
// the windows see.

#include <algorithm>
#include <optional>

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// How windows lie over images, copied or not: a stored image becomes one with `before` zeros
/// before and `apart` − 1 between its pixels.
struct WindowLayout {
  ops::PerAxis stored;  ///< height and width as the images lie in memory
  ops::PerAxis padded;  ///< and as windows see them
  ops::PerAxis before, apart;
  int64_t channels, group_channels;
  ops::PerAxis size, strides, dilation, places;
  bool turned;  ///< the pixels of a window are those of the kernel from the last to the first
  int64_t image, row, pixel;  ///< numbers from one to the next as they lie in memory
  bool in_planes = false;     ///< copied with a plane for each channel

  bool is_copied() const { return in_planes || padded != stored || before != ops::PerAxis{}; }
  /// Numbers from a pixel, a row and a channel to the next, as windows see them.
  int64_t pixel_stride() const { return in_planes ? 1 : is_copied() ? channels : pixel; }
  int64_t row_stride() const { return is_copied() ? padded[1] * pixel_stride() : row; }
  int64_t channel_stride() const { return in_planes ? padded[0] * padded[1] : 1; }
  /// The windows that begin side by side in memory, or 0.
  int64_t line() const { return pixel_stride() == 1 && strides[1] == 1 ? places[1] : 0; }
  int64_t image_size() const { return padded[0] * padded[1] * channels; }
  int64_t stored_size() const { return stored[0] * stored[1] * channels; }
  int64_t windows() const { return places[0] * places[1]; }
  int64_t pixels() const { return size[0] * size[1]; }
  int64_t depth() const { return pixels() * group_channels; }
  /// The elements of a window that lie side by side.
  int64_t span() const {
    const bool lines =
        dilation[1] == 1 && group_channels == channels && !turned && pixel_stride() == channels;
    return lines ? size[1] * channels : group_channels;
  }

  /// Writes where each window of an image begins.
  void find_windows(int64_t* window) const {
    const int64_t down = strides[0] * row_stride();
    const int64_t across = strides[1] * pixel_stride();
    for (int64_t y = 0; y < places[0]; ++y) {
      for (int64_t x = 0; x < places[1]; ++x) *window++ = y * down + x * across;
    }
  }
  /// Writes how far each element of a window lies from there, for a group's channels.
  void find_elements(int64_t group, int64_t* element) const {
    const int64_t down = dilation[0] * row_stride();
    const int64_t across = dilation[1] * pixel_stride();
    const int64_t apart_in_pixel = channel_stride();
    for (int64_t p = 0; p < pixels(); ++p) {
      const int64_t seen = turned ? pixels() - 1 - p : p;
      const int64_t begin =
          seen / size[1] * down + seen % size[1] * across + group * group_channels * apart_in_pixel;
      for (int64_t c = 0; c < group_channels; ++c) *element++ = begin + c * apart_in_pixel;
    }
  }

  /// Writes for each line of windows the first element that is inside the image as stored, and the
  /// one behind the last: the others see the zeros around it.
  void find_inside(int64_t* inside) const {
    const int64_t elements = size[1] * group_channels;  // of a row of a window
    const int64_t end = (stored[0] - 1) * apart[0] + 1;
    for (int64_t y = 0; y < places[0]; ++y, inside += 2) {
      inside[0] = inside[1] = 0;
      for (int64_t p = 0; p < size[0]; ++p) {
        const int64_t seen = turned ? size[0] - 1 - p : p;
        const int64_t at = y * strides[0] + seen * dilation[0] - before[0];
        if (at < 0 || at >= end) continue;
        if (inside[1] == 0) inside[0] = p * elements;
        inside[1] = (p + 1) * elements;
      }
    }
  }

  /// Images that stay in a cache of the second level together with what is computed from them by
  /// `filters`; at least one.
  int64_t images_at_once(int64_t filters) const {
    constexpr int64_t kNumbers = int64_t{1} << 16;
    return std::max(kNumbers / (image_size() + windows() * filters), int64_t{1});
  }
};

inline WindowLayout layout_of(const ops::Sliding& s) {
  WindowLayout made = {.stored = s.extents,
                       .padded = {},
                       .before = s.before,
                       .apart = {{1, 1}},
                       .channels = s.channels,
                       .group_channels = s.group_channels(),
                       .size = s.size,
                       .strides = s.strides,
                       .dilation = s.dilation,
                       .places = {{s.places(0), s.places(1)}},
                       .turned = false,
                       .image = s.extents[0] * s.extents[1] * s.channels,
                       .row = s.extents[1] * s.channels,
                       .pixel = s.channels};
  // Pixels behind the last window are not copied.
  for (size_t axis = 0; axis < 2; ++axis) {
    made.padded[axis] = std::max(s.before[axis] + s.extents[axis],
                                 (made.places[axis] - 1) * s.strides[axis] + s.span(axis));
  }
  return made;
}

/// Of dy, (places, filters), for a convolution's dx: every pixel of x is a place, whose window
/// begins span − 1 − before pixels earlier.
inline WindowLayout layout_of_back(const ops::Sliding& s, int64_t filters) {
  WindowLayout made = {.stored = {{s.places(0), s.places(1)}},
                       .padded = {},
                       .before = {},
                       .apart = s.strides,
                       .channels = filters,
                       .group_channels = filters / s.groups,
                       .size = s.size,
                       .strides = {{1, 1}},
                       .dilation = s.dilation,
                       .places = s.extents,
                       .turned = true,
                       .image = s.places() * filters,
                       .row = s.places(1) * filters,
                       .pixel = filters};
  for (size_t axis = 0; axis < 2; ++axis) {
    made.before[axis] = s.span(axis) - 1 - s.before[axis];
    made.padded[axis] = s.extents[axis] + s.span(axis) - 1;
  }
  return made;
}

/// The same windows over images that lie in memory as a slot says.
inline WindowLayout over(const Slot& images, WindowLayout layout) {
  if (!images.strides) return layout;
  layout.image = (*images.strides)[0];
  layout.row = (*images.strides)[1];
  layout.pixel = (*images.strides)[2];
  return layout;
}

/// Where the windows over some images of an op's first input lie: in a member's scratch, behind the
/// room for packing.
template <class T>
class ScratchWindows {
 public:
  ScratchWindows(const WindowLayout& layout, int64_t at_once, const Op& op, const Frame<T>& f)
      : layout_(layout), x_(op.in[0]), decode_(op.fused.decode), f_(f) {
    window_ = reinterpret_cast<int64_t*>(f.scratch + kPacking);
    element_ = window_ + layout.windows();
    inside_ = element_ + layout.depth();
    images_ = reinterpret_cast<const T**>(inside_ + 2 * layout.places[0]);
    copies_ = reinterpret_cast<T*>(window_ + words(layout, at_once));
    layout.find_windows(window_);
    layout.find_inside(inside_);
    choose_group(0);
    if (layout.is_copied()) std::fill_n(copies_, at_once * layout.image_size(), T{0});
  }

  /// The most numbers that it takes, with the room for packing.
  static int64_t size(const WindowLayout& layout, int64_t at_once) {
    return kPacking + words(layout, at_once) * static_cast<int64_t>(sizeof(int64_t) / sizeof(T)) +
           at_once * layout.image_size();
  }

  /// The images that windows lie over from now on.
  void choose_images(const Range& own) {
    for (int64_t i = own.begin; i < own.end; ++i) {
      T* const copy = copies_ + (i - own.begin) * layout_.image_size();
      const bool is_copied = layout_.is_copied() || decode_;
      if (is_copied) copy_image(i, copy);
      images_[i - own.begin] = is_copied ? copy : f_.at(x_) + i * layout_.image;
    }
  }
  /// The group whose channels windows have from now on.
  void choose_group(int64_t group) { layout_.find_elements(group, element_); }
  kernels::WindowsOf<T> get() const {
    return {.images = images_,
            .window = window_,
            .element = element_,
            .per_image = layout_.windows(),
            .line = layout_.line(),
            .inside = layout_.line() > 0 ? inside_ : nullptr};
  }

 private:
  static constexpr int64_t kPacking = kernels::product_pack_size(kernels::kProductBlock);

  // Those before the copies, which begin at a cache line.
  static int64_t words(const WindowLayout& layout, int64_t at_once) {
    const int64_t numbers = layout.windows() + layout.depth() + 2 * layout.places[0] + at_once;
    return (numbers + 7) / 8 * 8;
  }

  void copy_image(int64_t i, T* copy) {
    const auto* rows = f_.rows_of(x_);
    const auto item = static_cast<int64_t>(itemsize(f_.slot(x_).dtype));
    const std::byte* const image =
        rows != nullptr ? rows[i] : f_.bytes(x_) + i * layout_.image * item;
    if (!layout_.is_copied()) return copy_pixels(image, 0, 0, copy, layout_.stored_size(), 1, 0);
    for (int64_t y = 0; y < layout_.stored[0]; ++y) {
      const int64_t line = layout_.before[0] + y * layout_.apart[0];
      if (line < 0 || line >= layout_.padded[0]) continue;
      T* const to = copy + line * layout_.padded[1] * layout_.pixel_stride();
      layout_.in_planes ? copy_line_to_planes(image, y, to) : copy_line(image, y, to);
    }
  }

  void copy_line_to_planes(const std::byte* image, int64_t y, T* line) {
    const T* from = reinterpret_cast<const T*>(image) + y * layout_.row;
    for (int64_t x = 0; x < layout_.stored[1]; ++x, from += layout_.pixel) {
      const int64_t at = layout_.before[1] + x * layout_.apart[1];
      if (at < 0 || at >= layout_.padded[1]) continue;
      for (int64_t c = 0; c < layout_.channels; ++c) {
        line[at + c * layout_.channel_stride()] = from[c];
      }
    }
  }

  // Pixels are left out where they come before the copy begins, as `before` may be negative, or
  // after it ends.
  void copy_line(const std::byte* image, int64_t y, T* line) {
    const int64_t apart = layout_.apart[1];
    const int64_t before = layout_.before[1];
    const int64_t begin = before < 0 ? (-before + apart - 1) / apart : 0;
    const int64_t end = std::min(layout_.stored[1], (layout_.padded[1] - 1 - before) / apart + 1);
    if (begin >= end) return;
    const int64_t channels = layout_.channels;
    const int64_t from = y * layout_.row + begin * layout_.pixel;
    T* const to = line + (before + begin * apart) * channels;
    if (apart == 1 && layout_.pixel == channels) {
      return copy_pixels(image, from, 0, to, (end - begin) * channels, 1, 0);
    }
    copy_pixels(image, from, layout_.pixel, to, channels, end - begin, apart * channels);
  }

  // Copies `count` runs of `size` numbers, `next` numbers from one to the next in the image and
  // `apart` in the copy.
  void copy_pixels(const std::byte* image, int64_t from, int64_t next, T* to, int64_t size,
                   int64_t count, int64_t apart) {
    const DType dtype = f_.slot(x_).dtype;
    if (!decode_) {
      const T* const x = reinterpret_cast<const T*>(image) + from;
      return f_.kernels.copy({x, next, to, apart, count, size, false});
    }
    for (int64_t i = 0; i < count; ++i) {
      f_.kernels.decode({.x = image + (from + i * next) * static_cast<int64_t>(itemsize(dtype)),
                         .dtype = dtype,
                         .y = to + i * apart,
                         .size = size,
                         .divisor = static_cast<T>(decode_->divisor),
                         .offset = static_cast<T>(decode_->offset)});
    }
  }

  const WindowLayout& layout_;
  const SlotId x_;
  const std::optional<ops::Decode>& decode_;
  const Frame<T>& f_;
  int64_t* window_;
  int64_t* element_;
  int64_t* inside_;
  const T** images_;
  T* copies_;
};

}  // namespace cornu::inline v0
