#include "cornu/layers/softmax.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class SoftmaxDescription final : public LayerWith<SoftmaxOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Softmax::kType; }

  Shapes output_shapes(const Shapes& x, const std::string& where) const override {
    if (x[0].ndim() < 2 || (options.axis != -1 && options.axis != x[0].ndim() - 1)) {
      throw Error({.where = where,
                   .expected = "the last axis of inputs (None, …, classes)",
                   .found = "axis " + std::to_string(options.axis) + " of " + x[0].str()});
    }
    return x;
  }
  Slots lower(Builder& b, Slots x, Mode) const override { return b.emit(ops::Softmax{}, x); }
};

}  // namespace

Softmax::Softmax(SoftmaxOptions options)
    : Layer(std::make_shared<SoftmaxDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
