#include "cornu/losses/element_loss.h"

#include <utility>

#include "cornu/losses/targets.h"

namespace cornu::inline v0 {
namespace {

class ElementLossDescription final : public LossDescription {
 public:
  ElementLossDescription(std::string_view name, What op, Value::Map config)
      : name_(name), op_(std::move(op)), config_(std::move(config)) {}

  std::string_view name() const override { return name_; }
  Value::Map config() const override { return config_; }
  void check(const Field& target, const Shape& y_pred) const override {
    require_as_outputs(name_, target, y_pred);
  }
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    return b.emit_one(op_, {y_pred, targets_as(y_pred, y_true, b)});
  }

 private:
  std::string_view name_;
  What op_;
  Value::Map config_;
};

}  // namespace

Loss element_loss(std::string_view name, ops::LossFunction function, Value::Map config) {
  return Loss(std::make_shared<ElementLossDescription>(name, What(ops::ElementLoss{function}),
                                                       std::move(config)));
}

Loss loss_of(std::string_view name, What op) {
  return Loss(std::make_shared<ElementLossDescription>(name, std::move(op), Value::Map{}));
}

}  // namespace cornu::inline v0
