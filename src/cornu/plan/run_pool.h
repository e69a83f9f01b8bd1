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

/// Max pooling into a part of the op's outputs; x is what its windows see.
template <class T>
void max_pool(const PoolPart& pool, const T* x, const ImagePart& part, const Op& op,
              const Frame<T>& f) {
  const Shape& y = f.slot(op.out[0]).shape;
  const int64_t to = part.first(y[1] * y[2]) * y[3];
  const Places places = op.out.size() > 1 ? places_at(op.out[1], to, f) : Places{};
  f.kernels.max_pool({pool.shape, x, f.at(op.out[0]) + to, places.bytes, places.numbers});
}

/// f(pool, the first number of x that its windows see, part) for each part of an op's outputs.
template <class T, class F>
void for_each_pool(const ops::Window& window, const Op& op, const Frame<T>& frame, const F& f) {
  const Shape& large = frame.slot(op.in[0]).shape;
  const Shape& small = frame.slot(op.out[0]).shape;
  for_each_part_of_images(op, frame, frame.rows, [&](const ImagePart& part) {
    const PoolPart pool = pool_part(window, large, small, part);
    f(pool, (part.images.begin * large[1] + pool.first_row) * large[2] * large[3], part);
  });
}

template <class T>
void run(const ops::MaxPool& x, const Op& op, const Frame<T>& f) {
  for_each_pool(x.window, op, f, [&](const PoolPart& pool, int64_t from, const ImagePart& part) {
    max_pool(pool, f.at(op.in[0]) + from, part, op, f);
  });
}

template <class T>
void run(const ops::MaxPoolBack& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const auto shape = pool_shape(x.window, f.slot(op.out[0]).shape, f.slot(op.in[0]).shape, own);
  const int64_t from = own.begin * shape.out_size();
  const Places places = places_at(op.in[1], from, f);
  f.kernels.max_pool_back({shape, f.at(op.in[0]) + from, places.bytes, places.numbers,
                           f.at(op.out[0]) + own.begin * shape.image_size(), op.accumulate});
}

template <class T>
void run(const ops::AveragePool& x, const Op& op, const Frame<T>& f) {
  const Shape& y = f.slot(op.out[0]).shape;
  for_each_pool(x.window, op, f, [&](const PoolPart& pool, int64_t from, const ImagePart& part) {
    f.kernels.average_pool({pool.shape, f.at(op.in[0]) + from,
                            f.at(op.out[0]) + part.first(y[1] * y[2]) * y[3], x.mean,
                            op.accumulate});
  });
}

template <class T>
void run(const ops::AveragePoolBack& x, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const auto shape = pool_shape(x.window, f.slot(op.out[0]).shape, f.slot(op.in[0]).shape, own);
  f.kernels.average_pool_back({shape, f.at(op.in[0]) + own.begin * shape.out_size(),
                               f.at(op.out[0]) + own.begin * shape.image_size(), x.mean,
                               op.accumulate});
}

}  // namespace cornu::inline v0
