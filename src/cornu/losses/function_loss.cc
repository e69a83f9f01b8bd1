#include <utility>

#include "cornu/losses/loss.h"
#include "cornu/losses/targets.h"

namespace cornu::inline v0 {
namespace {

class FunctionLossDescription final : public LossDescription {
 public:
  FunctionLossDescription(std::string name, LossFormula function)
      : name_(std::move(name)), function_(std::move(function)) {
    if (!function_) {
      throw Error({.where = "loss " + name_, .expected = "a function", .found = "an empty one"});
    }
  }
  std::string_view name() const override { return name_; }
  void check(const Field& target, const Shape& y_pred) const override {
    require_as_outputs(name_, target, y_pred);
  }
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    const Expression loss =
        function_(Expression(b, targets_as(y_pred, y_true, b)), Expression(b, y_pred));
    if (loss.slot() == y_pred || !loss.shape().has_rows()) {
      throw Error({.where = "loss " + name_,
                   .expected = "a value that is computed from y_pred, with the batch axis in front",
                   .found = loss.slot() == y_pred ? "y_pred itself" : loss.shape().str()});
    }
    return loss.slot();
  }

 private:
  std::string name_;
  LossFormula function_;
};

}  // namespace

Loss::Loss(std::string name, LossFormula function)
    : description_(
          std::make_shared<FunctionLossDescription>(std::move(name), std::move(function))) {}

}  // namespace cornu::inline v0
