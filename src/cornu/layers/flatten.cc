#include "cornu/layers/flatten.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class FlattenDescription final : public LayerWith<FlattenOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Flatten::kType; }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return {b.reshape(x[0], Shape{b.slot(x[0]).shape.without_rows().size()}.with_rows())};
  }
};

}  // namespace

Flatten::Flatten(FlattenOptions options)
    : Layer(std::make_shared<FlattenDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
