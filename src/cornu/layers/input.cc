#include "cornu/layers/input.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class InputDescription final : public LayerWith<InputOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Input::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x[0] == options.shape.with_rows()) return;
    throw Error({.where = where,
                 .expected = "samples of shape " + options.shape.str(),
                 .found = x[0].without_rows().str()});
  }

  Slots lower(Builder&, Slots x, Mode) const override { return x; }
};

}  // namespace

Input::Input(InputOptions options)
    : Input(Layer(std::make_shared<InputDescription>(options)), options.shape) {}

Input::Input(Layer layer, const Shape& shape)
    : Layer(std::move(layer)), tensor_(record({}, {shape.with_rows()})[0]) {}

Input Input::from(const Layer& layer) {
  if (layer.type() != kType) {
    throw Error({.where = "Input::from", .expected = "an InputLayer", .found = layer.where()});
  }
  Shape shape;
  from_value(Value(layer.description().config())["shape"], shape);
  return Input(layer, shape);
}

}  // namespace cornu::inline v0
