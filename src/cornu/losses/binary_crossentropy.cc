#include "cornu/losses/binary_crossentropy.h"

#include "cornu/losses/targets.h"

namespace cornu::inline v0 {
namespace {

// The input of the sigmoid that computed y_pred, or kNone if y_pred is not a sigmoid's output.
SlotId logits_of(SlotId y_pred, const Builder& b) {
  const Op* from = b.producer(y_pred);
  if (from == nullptr || from->out[0] != y_pred) return kNone;
  const auto* pointwise = std::get_if<ops::Pointwise>(&from->what);
  const bool is_sigmoid =
      pointwise != nullptr && pointwise->function == ops::Function(ops::Function::sigmoid);
  return is_sigmoid ? from->in[0] : kNone;
}

class BinaryCrossentropyDescription final : public LossDescription {
 public:
  explicit BinaryCrossentropyDescription(BinaryCrossentropyOptions given) : options(given) {}
  std::string_view name() const override { return BinaryCrossentropy::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  TargetDomain domain() const override { return TargetDomain::unit; }
  void check(const Field& target, const Shape& y_pred) const override {
    require_as_outputs(name(), target, y_pred);
  }

  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    y_true = smoothed(targets_as(y_pred, y_true, b), options.label_smoothing, 2, b);
    const SlotId logits = logits_of(y_pred, b);
    if (logits == kNone && !options.from_logits) {
      return b.emit_one(ops::ElementLoss{ops::LossFunction::binary_crossentropy}, {y_pred, y_true});
    }
    return b.emit_one(ops::ElementLoss{ops::LossFunction::binary_crossentropy_of_logits},
                      {logits == kNone ? y_pred : logits, y_true});
  }

 private:
  BinaryCrossentropyOptions options;
};

BinaryCrossentropyOptions checked(BinaryCrossentropyOptions options) {
  require_label_smoothing(BinaryCrossentropy::kName, options.label_smoothing);
  return options;
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options)
    : Loss(std::make_shared<BinaryCrossentropyDescription>(checked(options))) {}

}  // namespace cornu::inline v0
