#include "cornu/ops/pool.h"

#include <cassert>

#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {
namespace {

Shape pooled(const Window& w, const Shape& x) {
  assert(x.ndim() == 4);
  return {x[0], num_windows(x[1], w.height, w.down, w.same),
          num_windows(x[2], w.width, w.right, w.same), x[3]};
}

// Of an op that gives back what a window's output has got.
Shape spread(int64_t rows, int64_t cols, const Shape& y) {
  return {y[0], rows, cols, y[3]};
}

double elements(const Window& w) {
  return static_cast<double>(w.height * w.width);
}

}  // namespace

Outputs outputs(const MaxPool& x, const Builder& b, const Slots& in) {
  const Shape y = pooled(x.window, b.slot(in[0]).shape);
  if (!x.remembers) return {{y, b.real()}};
  constexpr int64_t kBytes = 256;
  return {{y, b.real()},
          {y, x.window.height * x.window.width <= kBytes ? DType::uint8 : DType::int32}};
}
Outputs outputs(const MaxPoolBack& x, const Builder& b, const Slots& in) {
  return {{spread(x.rows, x.cols, b.slot(in[0]).shape), b.real()}};
}
Outputs outputs(const AveragePool& x, const Builder& b, const Slots& in) {
  return {{pooled(x.window, b.slot(in[0]).shape), b.real()}};
}
Outputs outputs(const AveragePoolBack& x, const Builder& b, const Slots& in) {
  return {{spread(x.rows, x.cols, b.slot(in[0]).shape), b.real()}};
}

double flops(const MaxPool& x, const Op&, const Sizes& size) {
  return elements(x.window) * size.out[0];
}
double flops(const MaxPoolBack& x, const Op&, const Sizes& size) {
  return elements(x.window) * size.in[0];
}
double flops(const AveragePool& x, const Op&, const Sizes& size) {
  return (elements(x.window) + 1) * size.out[0];
}
double flops(const AveragePoolBack& x, const Op&, const Sizes& size) {
  return (elements(x.window) + 1) * size.in[0];
}

void gradient(const MaxPool& x, const Op& op, Builder& b) {
  const Shape& shape = b.slot(op.in[0]).shape;
  const int64_t rows = shape[1];
  const int64_t cols = shape[2];
  const SlotId places = x.remembers ? op.out[1] : b.back(MaxPool{x.window, true}, {op.in[0]})[1];
  b.add(b.gradient(op.in[0]), MaxPoolBack{x.window, rows, cols}, {b.gradient(op.out[0]), places});
}
void gradient(const AveragePool& x, const Op& op, Builder& b) {
  const Shape& shape = b.slot(op.in[0]).shape;
  const AveragePoolBack back = {x.window, shape[1], shape[2], x.mean};
  b.add(b.gradient(op.in[0]), back, {b.gradient(op.out[0])});
}
void gradient(const AveragePoolBack& x, const Op& op, Builder& b) {
  b.add(b.gradient(op.in[0]), AveragePool{x.window, x.mean}, {b.gradient(op.out[0])});
}

}  // namespace cornu::inline v0::ops
