#include "cornu/layers/concatenate.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

class ConcatenateDescription final : public LayerWith<ConcatenateOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Concatenate::kType; }

  bool takes(size_t) const override { return true; }
  Shapes output_shapes(const Shapes& x, const std::string& where) const override {
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
    std::vector<int64_t> sum(x[0].extents().begin(), x[0].extents().end());
    sum[static_cast<size_t>(axis)] = 0;
    for (const Shape& each : x) {
      std::vector<int64_t> rest(each.extents().begin(), each.extents().end());
      const bool fits = each.ndim() == x[0].ndim();
      const int64_t extent = fits ? std::exchange(rest[static_cast<size_t>(axis)], 0) : 0;
      std::vector<int64_t> others = sum;
      others[static_cast<size_t>(axis)] = 0;
      if (!fits || rest != others) {
        throw Error({.where = where,
                     .what = "the inputs differ in shape apart from axis " + std::to_string(axis),
                     .expected = x[0].str(),
                     .found = each.str()});
      }
      sum[static_cast<size_t>(axis)] += extent;
    }
    return {Shape(sum)};
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
