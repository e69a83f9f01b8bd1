#include "cornu/ops/custom.h"

#include <vector>

#include "cornu/core/error.h"
#include "cornu/ops/builder.h"

namespace cornu::inline v0::ops {

Outputs outputs(const Custom& x, const Builder& b, const Slots& in) {
  const auto require = [&](bool good, const char* expected, const std::string& found) {
    if (good) return;
    const std::string where =
        (b.scope_name().empty() ? "" : b.scope_name() + ", ") + std::string(x.name);
    throw Error({.where = where, .expected = expected, .found = found});
  };
  require(!in.empty() && in.size() <= CustomInputs<float>::kMost, "1 to 8 inputs",
          std::to_string(in.size()));
  std::vector<Shape> shapes;
  for (const SlotId each : in) shapes.push_back(b.slot(each).shape);
  require(shapes[0].has_rows(), "a first input with the batch axis", shapes[0].str());
  const Shape y = x.function->output_shape(shapes);
  require(y.has_rows(), "an output with the batch axis", y.str());
  return {{y, b.real()}};
}

Outputs outputs(const CustomBack& x, const Builder& b, const Slots& in) {
  return {{b.slot(in[static_cast<size_t>(x.input) + 2]).shape, b.real()}};
}

void gradient(const Custom& x, const Op& op, Builder& b) {
  Slots in = {b.gradient(op.out[0]), op.out[0]};
  in.insert(in.end(), op.in.begin(), op.in.end());
  for (size_t i = 0; i < op.in.size(); ++i) {
    const SlotId dx = b.gradient(op.in[i]);
    b.add(dx, What(CustomBack{x.function, x.name, static_cast<int64_t>(i)}, op.what.function), in);
    // The gradient of a weight is a sum over rows in their order: one member computes it.
    const bool by_one = op.split == Split::one || !b.slot(dx).shape.has_rows();
    if (by_one) b.ops().back().split = Split::one;
  }
}

}  // namespace cornu::inline v0::ops
