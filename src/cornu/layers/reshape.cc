#include "cornu/layers/reshape.h"

#include <utility>

#include "cornu/ops/expression.h"

namespace cornu::inline v0 {
namespace {

class ReshapeDescription final : public LayerWith<ReshapeOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Reshape::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return {reshape(Expression(b, x[0]), options.target_shape).slot()};
  }
};

}  // namespace

Reshape::Reshape(ReshapeOptions options)
    : Layer(std::make_shared<ReshapeDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
