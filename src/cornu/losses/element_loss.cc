#include "cornu/losses/element_loss.h"

#include <utility>

#include "cornu/losses/targets.h"

namespace cornu::inline v0 {
namespace {

class ElementLossDescription final : public LossDescription {
 public:
  ElementLossDescription(std::string_view name, What op, Value::Map config, TargetDomain domain)
      : name_(name), op_(std::move(op)), config_(std::move(config)), domain_(domain) {}

  std::string_view name() const override { return name_; }
  Value::Map config() const override { return config_; }
  TargetDomain domain() const override { return domain_; }
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
  TargetDomain domain_;
};

}  // namespace

Loss element_loss(std::string_view name, ops::LossFunction function, Value::Map config,
                  TargetDomain domain) {
  return Loss(std::make_shared<ElementLossDescription>(name, What(ops::ElementLoss{function}),
                                                       std::move(config), domain));
}

Loss loss_of(std::string_view name, What op, TargetDomain domain) {
  return Loss(std::make_shared<ElementLossDescription>(name, std::move(op), Value::Map{}, domain));
}

}  // namespace cornu::inline v0
