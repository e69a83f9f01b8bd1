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
    if (y_pred.ndim() < 2) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = "an output of shape (None, …, classes)",
                   .found = y_pred.str()});
    }
    const std::string expected = "labels of shape " + lines_of(y_pred).str();
    const bool is_as_outputs = target.shape == y_pred.without_rows() && y_pred.back() > 1;
    if (target.encoding.classes > 0 || is_as_outputs) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .what = "the targets are one-hot rows, not labels",
                   .expected = expected,
                   .found = target.shape.with_rows().str(),
                   .hint = "leave to_categorical out, or use categorical_crossentropy"});
    }
    if (!are_labels(target, y_pred) || !target.encoding.is_identity()) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = expected,
                   .found = std::string(target.encoding.is_identity() ? "" : "divided ") +
                            "targets of shape " + target.shape.with_rows().str()});
    }
  }

  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const Shape outputs = b.slot(y_pred).shape;
    const SlotId labels = b.reshape(stored(y_true, b), lines_of(outputs));
    const SlotId one_hot = b.emit_one(ops::OneHot{outputs.back()}, {labels});
    return lower_crossentropy(b, one_hot, y_pred,
                              {.clip_first = true, .from_logits = options.from_logits});
  }

 private:
  // A label for each line along the last axis.
  static Shape lines_of(const Shape& y_pred) {
    return Shape(y_pred.extents().first(static_cast<size_t>(y_pred.ndim() - 1)));
  }

  // The labels as they are stored, which are checked when a batch is gathered. What is computed
  // from them is not, and could lie outside the classes.
  static SlotId stored(SlotId y_true, const Builder& b) {
    const Op* const from = b.producer(y_true);
    if (from == nullptr) return y_true;
    if (std::holds_alternative<ops::Decode>(from->what)) return from->in[0];
    throw Error({.where = "loss sparse_categorical_crossentropy",
                 .expected = "y_true as it was given",
                 .found = "labels that are computed"});
  }

  SparseCategoricalCrossentropyOptions options;
};

}  // namespace

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(
    SparseCategoricalCrossentropyOptions options)
    : Loss(std::make_shared<SparseCategoricalCrossentropyDescription>(options)) {}

}  // namespace cornu::inline v0
