#include "cornu/losses/targets.h"

namespace cornu::inline v0 {

void require_as_outputs(std::string_view loss, const Field& target, const Shape& y_pred) {
  const Shape expected = y_pred.without_rows();
  if (target.shape == expected || (target.shape.ndim() == 0 && expected == Shape{1})) return;
  const std::string where = "loss " + std::string(loss);
  const std::string found = target.shape.with_rows().str();
  if (target.shape.ndim() == 0 && expected.ndim() == 1 && target.encoding.dtype != DType::float32) {
    throw Error({.where = where,
                 .what = "the targets are labels, one per sample",
                 .expected = "targets of shape " + y_pred.str(),
                 .found = found,
                 .hint = "call to_categorical(" + std::to_string(expected.back()) +
                         ") on the data, or end the model with one unit"});
  }
  throw Error({.where = where,
               .what = "the model's last layer does not fit the targets",
               .expected = "an output of shape " +
                           (target.shape.ndim() == 0 ? Shape{1} : target.shape).with_rows().str(),
               .found = y_pred.str(),
               .hint = "give the last layer as many units as a sample has targets"});
}

SlotId targets_as(SlotId y_pred, SlotId y_true, Builder& b) {
  if (b.slot(y_true).dtype != b.real()) y_true = b.emit_one(ops::Decode{}, {y_true});
  return b.reshape(y_true, b.slot(y_pred).shape);
}

SlotId smoothed(SlotId y_true, double label_smoothing, int64_t classes, Builder& b) {
  if (label_smoothing == 0) return y_true;
  return b.emit_one(ops::Affine{.scale = 1 - label_smoothing,
                                .offset = label_smoothing / static_cast<double>(classes)},
                    {y_true});
}

void require_label_smoothing(std::string_view loss, double label_smoothing) {
  if (label_smoothing >= 0 && label_smoothing <= 1) return;
  throw Error({.where = "loss " + std::string(loss),
               .field = "label_smoothing",
               .expected = "0 <= label_smoothing <= 1",
               .found = shortest(label_smoothing)});
}

}  // namespace cornu::inline v0
