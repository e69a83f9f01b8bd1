#pragma once

// Windows that slide over images, as one member carries them out.

#include "cornu/plan/image_parts.h"

namespace cornu::inline v0 {

/// All windows over the images of `large`, one per position of `small`, in the rows `own` of the
/// batch.
inline kernels::PoolShape pool_shape(const ops::Window& w, const Shape& large, const Shape& small,
                                     const Range& own) {
  return pool_part(w, large, small, {own, {0, small[1] * small[2]}}).shape;
}

/// The places within windows that a slot holds, as bytes or as int32; the others are null.
struct Places {
  uint8_t* bytes = nullptr;
  int32_t* numbers = nullptr;
};

template <class T>
Places places_at(SlotId id, int64_t offset, const Frame<T>& f) {
  if (f.slot(id).dtype == DType::uint8) return {.bytes = f.template at<uint8_t>(id) + offset};
  return {.numbers = f.template at<int32_t>(id) + offset};
}

/// The images that a kernel pools at once: one, where they do not lie side by side.
template <class T>
int64_t pooled_at_once(const Op& op, const Frame<T>& f) {
  return f.are_side_by_side(op) ? f.rows : 1;
}

/// Max pooling into a part of the op's outputs, of images that lie side by side or of one; x is
/// what its windows see, or where it `rectifies` relu(x) is.
template <class T>
void max_pool(const PoolPart& pool, const T* x, bool rectifies, const ImagePart& part, const Op& op,
              const Frame<T>& f) {
  const Shape& y = f.slot(op.out[0]).shape;
  const int64_t inside = part.places.begin * y[3];
  const int64_t to = part.images.begin * y[1] * y[2] * y[3] + inside;
  const Places places = op.out.size() > 1 ? places_at(op.out[1], to, f) : Places{};
  f.kernels.max_pool({pool.shape, x,
                      f.at(op.out[0]) + part.images.begin * f.sample(op.out[0]) + inside,
                      places.bytes, places.numbers, rectifies});
}

/// f(pool, the first number of x that its windows see, part) for each part of an op's outputs.
template <class T, class F>
void for_each_pool(const ops::Window& window, const Op& op, const Frame<T>& frame, const F& f) {
  const Shape& large = frame.slot(op.in[0]).shape;
  const Shape& small = frame.slot(op.out[0]).shape;
  for_each_part_of_images(op, frame, pooled_at_once(op, frame), [&](const ImagePart& part) {
    const PoolPart pool = pool_part(window, large, small, part);
    const int64_t inside = pool.first_row * large[2] * large[3];
    f(pool, frame.at(op.in[0]) + part.images.begin * frame.sample(op.in[0]) + inside, part);
  });
}

template <class T>
void run(const ops::MaxPool& x, const Op& op, const Frame<T>& f) {
  for_each_pool(x.window, op, f, [&](const PoolPart& pool, const T* from, const ImagePart& part) {
    max_pool(pool, from, false, part, op, f);
  });
}

template <class T>
void run(const ops::AveragePool& x, const Op& op, const Frame<T>& f) {
  const int64_t channels = f.last(op.out[0]);
  for_each_pool(x.window, op, f, [&](const PoolPart& pool, const T* from, const ImagePart& part) {
    T* const y = f.at(op.out[0]) + part.images.begin * f.sample(op.out[0]);
    f.kernels.average_pool(
        {pool.shape, from, y + part.places.begin * channels, x.mean, op.accumulate});
  });
}

/// f(images, their windows) for those of this member's images whose gradients a kernel makes at
/// once.
template <class T, class F>
void for_each_pool_back(const ops::Window& window, const Op& op, const Frame<T>& frame,
                        const F& f) {
  const Range own = frame.batch_rows(op);
  const int64_t at_once = pooled_at_once(op, frame);
  for (int64_t first = own.begin; first < own.end; first += at_once) {
    const Range images = {first, std::min(first + at_once, own.end)};
    f(images, pool_shape(window, frame.slot(op.out[0]).shape, frame.slot(op.in[0]).shape, images));
  }
}

template <class T>
void run(const ops::MaxPoolBack& x, const Op& op, const Frame<T>& f) {
  for_each_pool_back(x.window, op, f, [&](const Range& images, const kernels::PoolShape& shape) {
    const Places places = places_at(op.in[1], images.begin * shape.out_size(), f);
    f.kernels.max_pool_back({shape, f.at(op.in[0]) + images.begin * f.sample(op.in[0]),
                             places.bytes, places.numbers,
                             f.at(op.out[0]) + images.begin * f.sample(op.out[0]), op.accumulate});
  });
}

template <class T>
void run(const ops::AveragePoolBack& x, const Op& op, const Frame<T>& f) {
  for_each_pool_back(x.window, op, f, [&](const Range& images, const kernels::PoolShape& shape) {
    f.kernels.average_pool_back({shape, f.at(op.in[0]) + images.begin * f.sample(op.in[0]),
                                 f.at(op.out[0]) + images.begin * f.sample(op.out[0]), x.mean,
                                 op.accumulate});
  });
}

}  // namespace cornu::inline v0
