#pragma once

// The places in images that a member computes: those of its images, or where a batch has fewer
// images than members, a part of those of each.

#include <algorithm>

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// Some images, and the places that are computed of each: all, or if it is one image a part.
struct ImagePart {
  Range images, places;

  /// The first of the places, counted over the images of a batch with `each` of them.
  int64_t first(int64_t each) const { return images.begin * each + places.begin; }
  int64_t size() const { return images.size() * places.size(); }
};

/// f(part) for each part of the images of an op's output that this member computes, at most
/// `at_once` images each.
template <class T, class F>
void for_each_part_of_images(const Op& op, const Frame<T>& frame, int64_t at_once, const F& f) {
  const Shape& y = frame.slot(op.out[0]).shape;
  const int64_t places = y[1] * y[2];
  const Range own = frame.lines(op, op.out[0]);
  for (int64_t at = own.begin; at < own.end;) {
    const int64_t image = at / places;
    const int64_t first = at % places;
    const int64_t whole = first == 0 ? std::min((own.end - at) / places, at_once) : 0;
    const ImagePart part =
        whole > 0 ? ImagePart{{image, image + whole}, {0, places}}
                  : ImagePart{{image, image + 1}, {first, std::min(places, first + own.end - at)}};
    f(part);
    at += part.size();
  }
}

/// Windows of pooling over images, or over the rows of one that they see.
struct PoolPart {
  kernels::PoolShape shape;
  int64_t first_row;  ///< of the image
};

/// The windows of `part`, whole rows of them, of those over images of shape `large`.
inline PoolPart pool_part(const ops::Window& w, const Shape& large, const Shape& small,
                          const ImagePart& part) {
  const Range windows = {part.places.begin / small[2], part.places.end / small[2]};
  const int64_t above = ops::before_first(large[1], w.height, w.down, w.same);
  const int64_t begin = windows.begin * w.down - above;
  const int64_t end = (windows.end - 1) * w.down - above + w.height;
  const Range rows = windows.size() == small[1]
                         ? Range{0, large[1]}
                         : Range{std::max<int64_t>(begin, 0), std::min(end, large[1])};
  return {.shape = {.images = part.images.size(),
                    .rows = rows.size(),
                    .cols = large[2],
                    .channels = large[3],
                    .height = w.height,
                    .width = w.width,
                    .down = w.down,
                    .right = w.right,
                    .top = rows.begin - begin,
                    .left = ops::before_first(large[2], w.width, w.right, w.same),
                    .out_rows = windows.size(),
                    .out_cols = small[2]},
          .first_row = rows.begin};
}

}  // namespace cornu::inline v0
