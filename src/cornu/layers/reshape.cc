#include "cornu/layers/reshape.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class ReshapeDescription final : public LayerWith<ReshapeOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Reshape::kType; }

  Shapes output_shapes(const Shapes& x, const std::string& where) const override {
    const int64_t size = x[0].without_rows().size();
    std::vector<int64_t> target = options.target_shape;
    int64_t known = 1;
    int64_t* open = nullptr;
    for (int64_t& extent : target) {
      if (extent == -1 && open == nullptr) {
        open = &extent;
      } else {
        known *= extent;
      }
    }
    if (open != nullptr && known > 0) *open = size / known;
    if (open != nullptr ? known <= 0 || size % known != 0 : known != size) {
      throw Error({.where = where,
                   .expected = "a target_shape of " + std::to_string(size) + " elements, as " +
                               x[0].without_rows().str() + " has",
                   .found = Value(to_value(options.target_shape)).str()});
    }
    return {Shape(target).with_rows()};
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    const Shape shape = output_shapes({b.slot(x[0]).shape}, b.scope_name())[0];
    return {b.reshape(x[0], shape)};
  }
};

}  // namespace

Reshape::Reshape(ReshapeOptions options)
    : Layer(std::make_shared<ReshapeDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
