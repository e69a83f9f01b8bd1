#include "cornu/layers/dense.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class DenseDescription final : public LayerWith<DenseOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Dense::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x[0].ndim() < 2) {
      throw Error(
          {.where = where, .expected = "inputs of shape (None, …, in)", .found = x[0].str()});
    }
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    std::vector<WeightSpec> specs = {{"kernel",
                                      {x[0].back(), options.units},
                                      options.kernel_initializer,
                                      options.kernel_regularizer}};
    if (options.use_bias) {
      specs.push_back(
          {"bias", {options.units}, options.bias_initializer, options.bias_regularizer});
    }
    return specs;
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    const SlotId bias = options.use_bias ? b.weight("bias") : kNone;
    return {
        options.activation.lower(b, b.emit_one(ops::Product{}, {x[0], b.weight("kernel"), bias}))};
  }
};

DenseOptions checked(DenseOptions options) {
  require<Dense>(options.units >= 1, options, "units", "units > 0", std::to_string(options.units),
                 "units is the number of outputs: 64, or as many as there are classes");
  return options;
}

}  // namespace

Dense::Dense(DenseOptions options)
    : Layer(std::make_shared<DenseDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
