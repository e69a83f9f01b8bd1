#pragma once

// What every op struct states beside its fields, as overloads on the struct:
//   Outputs outputs(const X&, const Builder&, const Slots& in);   shapes, and their checks
//   double flops(const X&, const Op&, const Sizes&);              arithmetic of one run
//   void gradient(const X&, const Op&, Builder&);                 the ops it adds, backward
//   bool reads_own(const X&, size_t input);                       see Split in op.h
// A missing overload does not compile.

#include <cstdint>
#include <string_view>
#include <vector>

#include "cornu/ops/slot.h"

namespace cornu::inline v0 {

class Builder;
struct Op;

/// The shape and dtype of each slot that an op writes.
struct Output {
  Shape shape;
  DType dtype;
};
using Outputs = std::vector<Output>;

/// Numbers of elements of an op's slots, the batch axis counted as the rows of the run.
struct Sizes {
  std::vector<double> in, out;
};

namespace ops {

/// What holds for most ops: each input is read over the share that is written.
template <class X>
bool reads_own(const X&, size_t) {
  return true;
}

}  // namespace ops
}  // namespace cornu::inline v0
