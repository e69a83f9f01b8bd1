#include "cornu/layers/prelu.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class PReLUDescription final : public LayerWith<PReLUOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return PReLU::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    for (const int64_t axis : options.shared_axes) {
      if (axis >= 1 && axis < x[0].ndim()) continue;
      throw Error({.where = where,
                   .expected = "shared_axes from 1 to " + std::to_string(x[0].ndim() - 1),
                   .found = std::to_string(axis)});
    }
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    const Shape sample = x[0].without_rows();
    std::vector<int64_t> extents(sample.extents().begin(), sample.extents().end());
    for (const int64_t axis : options.shared_axes) extents[static_cast<size_t>(axis - 1)] = 1;
    return {{"alpha", Shape(extents), options.alpha_initializer, options.alpha_regularizer}};
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::ParametricRelu{}, {x[0], b.weight("alpha")});
  }
};

}  // namespace

PReLU::PReLU(PReLUOptions options)
    : Layer(std::make_shared<PReLUDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
