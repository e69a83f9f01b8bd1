#include "cornu/ops/pointwise.h"

#include <iterator>

#include "cornu/ops/builder.h"

namespace cornu::inline v0 {

Value kernels::to_value(const Function& function) {
  const double parameters[] = {function.a, function.b, function.c};
  size_t count = std::size(parameters);
  while (count > 0 && parameters[count - 1] == 0) --count;
  std::string text(name(function));
  for (size_t i = 0; i < count; ++i) text += (i == 0 ? "(" : ", ") + shortest(parameters[i]);
  return count == 0 ? text : text + ")";
}

namespace ops {
Outputs outputs(const Pointwise&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

Outputs outputs(const PointwiseBack&, const Builder& b, const Slots& in) {
  return {{b.slot(in[0]).shape, b.real()}};
}

double flops(const Pointwise& p, const Op&, const Sizes& size) {
  return p.function.facts().flops * size.out[0];
}

double flops(const PointwiseBack& p, const Op&, const Sizes& size) {
  const bool again = p.function.saves_input();  // the function is computed once more
  return (again ? p.function.facts().flops : p.function == Function::linear ? 0 : 3) * size.out[0];
}

void gradient(const Pointwise& p, const Op& op, Builder& b) {
  const SlotId saved = p.function.saves_input() ? op.in[0] : op.out[0];
  b.add(b.gradient(op.in[0]), PointwiseBack{p.function}, {saved, b.gradient(op.out[0])});
}

}  // namespace ops
}  // namespace cornu::inline v0
