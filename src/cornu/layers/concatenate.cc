#include "cornu/layers/concatenate.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class ConcatenateDescription final : public LayerWith<ConcatenateOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Concatenate::kType; }

  bool takes(size_t) const override { return true; }
  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x.size() < 2) {
      throw Error({.where = where,
                   .expected = "two inputs or more",
                   .found = std::to_string(x.size()),
                   .hint = "call it on a list: Concatenate()({a, b})"});
    }
    const int64_t axis = axis_of(x[0]);
    if (axis < 1 || axis >= x[0].ndim()) {
      throw Error({.where = where,
                   .expected = "an axis of a sample of " + x[0].str(),
                   .found = std::to_string(options.axis)});
    }
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    const int64_t axis = axis_of(b.slot(x[0]).shape);
    return b.emit(ops::Concatenate{axis}, x);
  }

 private:
  int64_t axis_of(const Shape& x) const {
    return options.axis < 0 ? options.axis + x.ndim() : options.axis;
  }
};

}  // namespace

Concatenate::Concatenate(ConcatenateOptions options)
    : Layer(std::make_shared<ConcatenateDescription>(std::move(options))) {}

}  // namespace cornu::inline v0
