#include "cornu/losses/categorical_crossentropy.h"

#include "cornu/losses/crossentropy_lowering.h"
#include "cornu/losses/targets.h"

namespace cornu::inline v0 {
namespace {

class CategoricalCrossentropyDescription final : public LossDescription {
 public:
  explicit CategoricalCrossentropyDescription(CategoricalCrossentropyOptions given)
      : options(given) {}
  std::string_view name() const override { return CategoricalCrossentropy::kName; }
  Value::Map config() const override { return fields_to_map(options); }

  TargetDomain domain() const override { return TargetDomain::shares; }
  void check(const Field& target, const Shape& y_pred) const override {
    const Shape expected = y_pred.without_rows();
    if (y_pred.back() == 1) {
      throw Error({.where = "loss categorical_crossentropy",
                   .what = "it is 0 for outputs of one class, whatever they are",
                   .expected = "outputs of 2 classes or more",
                   .found = y_pred.str(),
                   .hint = "for a single output, use binary_crossentropy"});
    }
    if (target.shape == expected) return;
    if (target.shape.ndim() < expected.ndim()) {
      throw Error({.where = "loss categorical_crossentropy",
                   .what = "the targets are labels, not one-hot rows",
                   .expected = "targets of shape " + y_pred.str(),
                   .found = target.shape.with_rows().str(),
                   .hint = "call to_categorical(" + std::to_string(expected.back()) +
                           ") on the data, or use sparse_categorical_crossentropy"});
    }
    throw Error({.where = "loss categorical_crossentropy",
                 .what = "the model's last layer does not fit the targets",
                 .expected = "an output of shape " + target.shape.with_rows().str(),
                 .found = y_pred.str(),
                 .hint = "give the last layer as many units as there are classes"});
  }

  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    y_true = smoothed(y_true, options.label_smoothing, b.slot(y_pred).shape.back(), b);
    return lower_crossentropy(b, y_true, y_pred,
                              {.clip_first = false, .from_logits = options.from_logits});
  }

 private:
  CategoricalCrossentropyOptions options;
};

CategoricalCrossentropyOptions checked(CategoricalCrossentropyOptions options) {
  require_label_smoothing(CategoricalCrossentropy::kName, options.label_smoothing);
  return options;
}

}  // namespace

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : Loss(std::make_shared<CategoricalCrossentropyDescription>(checked(options))) {}

}  // namespace cornu::inline v0
