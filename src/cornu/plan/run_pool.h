#pragma once

// Windows that slide over images, as one member carries them out: its rows of the batch.

#include "cornu/plan/frame.h"

namespace cornu::inline v0 {

/// Windows over `large`, one per position of `small`, in the rows `own` of the batch.
inline kernels::PoolShape pool_shape(const ops::Window& w, const Shape& large, const Shape& small,
                                     const Range& own) {
  return {.images = own.size(),
          .rows = large[1],
          .cols = large[2],
          .channels = large[3],
          .height = w.height,
          .width = w.width,
          .down = w.down,
          .right = w.right,
          .top = ops::before_first(large[1], w.height, w.down, w.same),
          .left = ops::before_first(large[2], w.width, w.right, w.same),
          .out_rows = small[1],
          .out_cols = small[2]};
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

/// Max pooling of the images x, of shape `large`, into the rows `own` of the op's outputs.
template <class T>
void max_pool(const ops::Window& window, const Shape& large, const T* x, const Range& own,
              const Op& op, const Frame<T>& f) {
  const auto shape = pool_shape(window, large, f.slot(op.out[0]).shape, own);
  const int64_t to = own.begin * shape.out_size();
  const Places places = op.out.size() > 1 ? places_at(op.out[1], to, f) : Places{};
  f.kernels.max_pool({shape, x, f.at(op.out[0]) + to, places.bytes, places.numbers});
}

template <class T>
void run(const ops::MaxPool& pool, const Op& op, const Frame<T>& f) {
  const Range own = f.batch_rows(op);
  const Shape large = f.slot(op.in[0]).shape;
  max_pool(pool.window, large, f.at(op.in[0]) + own.begin * large.without_rows().size(), own, op,
           f);
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
  const Range own = f.batch_rows(op);
  const auto shape = pool_shape(x.window, f.slot(op.in[0]).shape, f.slot(op.out[0]).shape, own);
  f.kernels.average_pool({shape, f.at(op.in[0]) + own.begin * shape.image_size(),
                          f.at(op.out[0]) + own.begin * shape.out_size(), x.mean, op.accumulate});
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
