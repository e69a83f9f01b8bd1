#include "cornu/losses/sparse_categorical_crossentropy.h"

#include "cornu/losses/crossentropy_lowering.h"

namespace cornu::inline v0 {
namespace {

class SparseCategoricalCrossentropyDescription final : public LossDescription {
 public:
  explicit SparseCategoricalCrossentropyDescription(SparseCategoricalCrossentropyOptions given)
      : options(given) {}
  std::string_view name() const override { return SparseCategoricalCrossentropy::kName; }
  Value::Map config() const override { return fields_to_map(options); }

  void check(const Field& target, const Shape& y_pred) const override {
    const Shape outputs = y_pred.without_rows();
    if (target.encoding.classes > 0 || (target.shape == outputs && outputs.size() > 1)) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .what = "the targets are one-hot rows, not labels",
                   .expected = "labels of shape (None,)",
                   .found = target.shape.with_rows().str(),
                   .hint = "leave to_categorical out, or use categorical_crossentropy"});
    }
    if (target.shape.ndim() > 1 || target.shape.size() != 1 || !target.encoding.is_identity()) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = "labels of shape (None,)",
                   .found = std::string(target.encoding.is_identity() ? "" : "divided ") +
                            "targets of shape " + target.shape.with_rows().str()});
    }
    if (y_pred.ndim() != 2) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = "an output of shape (None, classes)",
                   .found = y_pred.str()});
    }
  }

  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const SlotId labels = b.reshape(y_true, Shape{kRows});
    const SlotId one_hot = b.emit_one(ops::OneHot{b.slot(y_pred).shape.back()}, {labels});
    return lower_crossentropy(b, one_hot, y_pred,
                              {.clip_first = true, .from_logits = options.from_logits});
  }

 private:
  SparseCategoricalCrossentropyOptions options;
};

}  // namespace

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(
    SparseCategoricalCrossentropyOptions options)
    : Loss(std::make_shared<SparseCategoricalCrossentropyDescription>(options)) {}

}  // namespace cornu::inline v0
