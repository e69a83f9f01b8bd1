#include "cornu/layers/softmax.h"

#include <utility>

#include "cornu/ops/expression.h"

namespace cornu::inline v0 {
namespace {

class SoftmaxDescription final : public LayerWith<SoftmaxOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Softmax::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const int64_t axis = options.axis < 0 ? options.axis + x[0].ndim() : options.axis;
    if (axis >= 1 && axis < x[0].ndim()) return;
    throw Error({.where = where,
                 .expected = "an axis of a sample of " + x[0].str(),
                 .found = std::to_string(options.axis)});
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return {softmax(Expression(b, x[0]), options.axis).slot()};
  }
};

}  // namespace

Softmax::Softmax(SoftmaxOptions options)
    : Layer(std::make_shared<SoftmaxDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
