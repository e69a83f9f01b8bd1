#include "cornu/optimizers/sgd.h"

#include "cornu/optimizers/range.h"

namespace cornu::inline v0 {
namespace {

class Description final : public OptimizerDescription {
 public:
  explicit Description(SGDOptions given) : options(given) {}
  std::string_view name() const override { return SGD::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  double learning_rate() const override { return options.learning_rate; }

  void lower(Builder& b, SlotId w, SlotId dw) const override {
    const auto here = b.scope(SGD::kName);
    Slots out = {w};
    if (options.momentum > 0) {
      const auto of = b.scope(b.slot(w).name);
      out.push_back(b.state("velocity", b.slot(w).shape));
    }
    b.update(ops::SgdUpdate{options.momentum, options.nesterov}, {dw}, out);
  }

 private:
  SGDOptions options;
};

SGDOptions checked(SGDOptions options) {
  require_at_least("SGD", "learning_rate", options.learning_rate, 0);
  require_within("SGD", "momentum", options.momentum, 0, 1);
  return options;
}

}  // namespace

SGD::SGD(SGDOptions options) : Optimizer(std::make_shared<Description>(checked(options))) {}

}  // namespace cornu::inline v0
