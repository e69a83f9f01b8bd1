// A user-defined metric, counted over the epoch: the mean over the classes of their recall, the
// part of a class's samples that is predicted as this class.

#include <iostream>
#include <map>

#include "cornu/cornu.h"
using namespace cornu;

class BalancedCounter final : public MetricCounter {
 public:
  void update(const Outcome& outcome) override {
    const Tensor found = argmax(outcome.y_pred);
    for (int64_t row = 0; row < found.size(); ++row) {
      auto& [right, all] = classes_[outcome.y_true.at(row)];
      right += found.at(row) == outcome.y_true.at(row) ? 1 : 0;
      all += 1;
    }
  }
  double result() const override {
    double sum = 0;
    for (const auto& [label, counted] : classes_) sum += counted.first / counted.second;
    return classes_.empty() ? 0 : sum / static_cast<double>(classes_.size());
  }
  void reset() override { classes_.clear(); }

 private:
  std::map<double, std::pair<double, double>> classes_;
};

class BalancedAccuracy final : public MetricDescription {
 public:
  std::string_view name() const override { return "balanced_accuracy"; }
  std::string_view unit() const override { return "fraction"; }
  bool higher_is_better() const override { return true; }
  void check(const Field& target, const Shape&) const override {
    if (target.shape.ndim() == 0) return;
    throw Error({.where = "balanced_accuracy",
                 .expected = "integer labels",
                 .found = "targets of shape " + target.shape.str()});
  }
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<BalancedCounter>();
  }
};

int main(int argc, char**) {  // --short: a few epochs
  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense({.units = 64, .activation = "relu"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy", Metric(std::make_shared<BalancedAccuracy>())}});
  const History history = model.fit(
      train.divide(255), {.epochs = argc > 1 ? 3 : 20, .validation_data = test.divide(255)});
  const double balanced = history.last()["val_balanced_accuracy"];
  std::cout << "balanced: " << balanced << "\n";
  return balanced > 0.5 ? 0 : 1;
}
