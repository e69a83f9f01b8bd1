// A user-defined callback: logs how far the weights have moved, and ends the fit at an accuracy.

#include <cmath>
#include <iostream>

#include "cornu/cornu.h"
using namespace cornu;

class Watch final : public Callback {
 public:
  explicit Watch(double accuracy) : accuracy_(accuracy) {}
  bool watches_batches() const override { return false; }  // so that steps run without pauses
  void on_train_begin() override { first_ = training().weights(); }
  void on_epoch_end(EpochRecord& record, const History&) override {
    double squares = 0;
    const std::vector<Tensor> now = training().weights();
    for (size_t i = 0; i < now.size(); ++i) {
      for (int64_t j = 0; j < now[i].size(); ++j) {
        const double moved = now[i].at(j) - first_[i].at(j);
        squares += moved * moved;
      }
    }
    record.logs.set("moved", std::sqrt(squares));  // adds it to the history
    if (record.logs["val_accuracy"] >= accuracy_) training().stop();
  }

 private:
  double accuracy_;
  std::vector<Tensor> first_;
};

int main(int argc, char**) {  // --short: a lower aim
  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense({.units = 64, .activation = "relu"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  const double aim = argc > 1 ? 0.8 : 0.92;
  const History history =
      model.fit(train.divide(255),
                {.epochs = 50, .callbacks = {Watch(aim)}, .validation_data = test.divide(255)});
  std::cout << history.epochs.size() << " epochs, moved " << history.last()["moved"] << "\n";
  return history.last()["val_accuracy"] >= aim && history.epochs.size() < 50 ? 0 : 1;
}
