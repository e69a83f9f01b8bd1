#include "cornu/layers/batch_normalization.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

class BatchNormalizationDescription final : public LayerWith<BatchNormalizationOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return BatchNormalization::kType; }

  void check_inputs(const Shapes& x, const std::string& where) const override {
    const Shape& shape = x[0];
    const int64_t axis = axis_of(shape);
    if (axis >= 1 && axis < shape.ndim()) return;
    throw Error({.where = where,
                 .field = "axis",
                 .expected = "an axis of the input other than the batch's",
                 .found = "axis " + std::to_string(options.axis) + " of " + shape.str(),
                 .hint = "axis -1 is the last one"});
  }

  std::vector<WeightSpec> weights(const Shapes& x) const override {
    const Shape features = {x[0][static_cast<int>(axis_of(x[0]))]};
    std::vector<WeightSpec> specs;
    if (options.scale) {
      specs.push_back({"gamma", features, options.gamma_initializer, options.gamma_regularizer});
    }
    if (options.center) {
      specs.push_back({"beta", features, options.beta_initializer, options.beta_regularizer});
    }
    specs.push_back({"moving_mean", features, options.moving_mean_initializer, {}, false});
    specs.push_back({"moving_variance", features, options.moving_variance_initializer, {}, false});
    return specs;
  }

  // Ops have the features along the last axis.
  Slots lower(Builder& b, Slots x, Mode mode) const override {
    const Shape& shape = b.slot(x[0]).shape;
    const int64_t axis = axis_of(shape);
    const int64_t last = shape.ndim() - 1;
    if (axis == last) return lower_last(b, x, mode);
    const Slots y = lower_last(b, b.emit(ops::move_axis(axis, last), x), mode);
    return b.emit(ops::move_axis(last, axis), y);
  }

 private:
  int64_t axis_of(const Shape& shape) const {
    return options.axis < 0 ? options.axis + shape.ndim() : options.axis;
  }

  Slots lower_last(Builder& b, Slots x, Mode mode) const {
    const SlotId gamma = options.scale ? b.weight("gamma") : kNone;
    const SlotId beta = options.center ? b.weight("beta") : kNone;
    Slots statistics = {b.weight("moving_mean"), b.weight("moving_variance")};
    const bool follows = mode == Mode::training && b.trains();
    if (follows) {
      const Slots now = b.emit(ops::ColumnMoments{}, x);
      for (size_t i : {0, 1}) {
        b.change(ops::MovingStatistics{options.momentum}, {now[i]}, {statistics[i]});
      }
      statistics = now;
    }
    const Slots scale =
        b.emit(ops::ColumnScale{options.epsilon}, {statistics[0], statistics[1], gamma, beta});
    if (!follows) return b.emit(ops::ScaleColumns{}, {x[0], scale[0], scale[1]});
    return b.emit(ops::Normalize{options.epsilon},
                  {x[0], statistics[0], statistics[1], scale[0], gamma, beta});
  }
};

BatchNormalizationOptions checked(BatchNormalizationOptions options) {
  require<BatchNormalization>(options.momentum >= 0 && options.momentum <= 1, options, "momentum",
                              "0 <= momentum <= 1", shortest(options.momentum));
  require<BatchNormalization>(options.epsilon > 0, options, "epsilon", "epsilon above 0",
                              shortest(options.epsilon));
  return options;
}

}  // namespace

BatchNormalization::BatchNormalization(BatchNormalizationOptions options)
    : Layer(std::make_shared<BatchNormalizationDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
