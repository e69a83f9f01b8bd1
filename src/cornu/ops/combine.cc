#include "cornu/ops/combine.h"

#include "cornu/ops/affine.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

std::string_view kernels::name(Combination how) {
  switch (how) {
    case Combination::add:
      return "add";
    case Combination::subtract:
      return "subtract";
    case Combination::multiply:
      return "multiply";
    case Combination::divide:
      return "divide";
    case Combination::maximum:
      return "maximum";
    case Combination::minimum:
      return "minimum";
    case Combination::less:
      return "less";
    case Combination::less_equal:
      return "less_equal";
    case Combination::where:
      return "where";
  }
  return "";
}

namespace ops {

Outputs outputs(const Combine&, const Builder& b, const Slots& in) {
  const Shape& shape = b.slot(in[0]).shape;
  if (!(shape == b.slot(in[1]).shape)) {
    throw Error({.where = b.scope_name(),
                 .what = "the inputs differ in shape",
                 .expected = shape.str(),
                 .found = b.slot(in[1]).shape.str(),
                 .hint = "nothing is broadcast: reshape them, or repeat the smaller one"});
  }
  return {{shape, b.real()}};
}

Outputs outputs(const ChosenBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

void gradient(const Combine& x, const Op& op, Builder& b) {
  const SlotId first = op.in[0];
  const SlotId second = op.in[1];
  const SlotId dy = b.gradient(op.out[0]);
  switch (x.how) {
    case Combination::add:
    case Combination::subtract:
      b.add(b.gradient(first), Affine{}, {dy});
      b.add(b.gradient(second), Affine{.scale = x.how == Combination::add ? 1.0 : -1.0}, {dy});
      return;
    case Combination::multiply:
      b.add(b.gradient(first), Combine{Combination::multiply}, {dy, second});
      b.add(b.gradient(second), Combine{Combination::multiply}, {dy, first});
      return;
    case Combination::divide: {
      // da = dy / b, db = −y · da.
      const SlotId da = b.back(Combine{Combination::divide}, {dy, second})[0];
      const SlotId y_da = b.back(Combine{Combination::multiply}, {op.out[0], da})[0];
      b.add(b.gradient(first), Affine{}, {da});
      b.add(b.gradient(second), Affine{.scale = -1}, {y_da});
      return;
    }
    case Combination::less:
    case Combination::less_equal:
      return;
    case Combination::where:
      b.add(b.gradient(first), Combine{Combination::where}, {dy, second});
      return;
    case Combination::maximum:
    case Combination::minimum:
      b.add(b.gradient(first), ChosenBack{x.how, false}, {first, second, dy});
      b.add(b.gradient(second), ChosenBack{x.how, true}, {first, second, dy});
      return;
  }
}

}  // namespace ops
}  // namespace cornu::inline v0
