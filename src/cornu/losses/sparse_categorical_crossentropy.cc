#include "cornu/losses/sparse_categorical_crossentropy.h"

#include "cornu/losses/crossentropy_lowering.h"

namespace cornu::inline v0 {
namespace {

bool is_integer(DType dtype) {
  return dtype == DType::uint8 || dtype == DType::int32 || dtype == DType::int64;
}

class SparseCategoricalCrossentropyDescription final : public LossDescription {
 public:
  explicit SparseCategoricalCrossentropyDescription(SparseCategoricalCrossentropyOptions given)
      : options(given) {}
  std::string_view name() const override { return SparseCategoricalCrossentropy::kName; }
  Value::Map config() const override { return fields_to_map(options); }

  void check(const Field& target, const Shape& y_pred) const override {
    if (target.encoding.classes > 0 || target.shape == y_pred.without_rows()) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .what = "the targets are one-hot rows, not labels",
                   .expected = "integer targets of shape (None,)",
                   .found = target.shape.with_rows().str(),
                   .hint = "leave to_categorical out, or use categorical_crossentropy"});
    }
    const bool is_label = is_integer(target.encoding.dtype) && target.encoding.is_identity();
    if (!is_label || target.shape.ndim() != 0) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = "integer targets of shape (None,)",
                   .found = std::string(name_of(target.encoding.dtype)) + " targets of shape " +
                            target.shape.with_rows().str()});
    }
    if (y_pred.ndim() != 2) {
      throw Error({.where = "loss sparse_categorical_crossentropy",
                   .expected = "an output of shape (None, classes)",
                   .found = y_pred.str()});
    }
  }

  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const SlotId one_hot = b.emit_one(ops::OneHot{b.slot(y_pred).shape.back()}, {y_true});
    return lower_crossentropy(b, one_hot, y_pred,
                              {.clip_first = true, .from_logits = options.from_logits});
  }

 private:
  static std::string_view name_of(DType dtype) { return cornu::name(dtype); }

  SparseCategoricalCrossentropyOptions options;
};

}  // namespace

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(
    SparseCategoricalCrossentropyOptions options)
    : Loss(std::make_shared<SparseCategoricalCrossentropyDescription>(options)) {}

}  // namespace cornu::inline v0
