// A user-defined initializer: every unit starts with a few non-zero weights (Martens 2010).

#include <cmath>
#include <iostream>

#include "cornu/core/rng.h"
#include "cornu/cornu.h"
using namespace cornu;

class Sparse final : public InitializerDescription {
 public:
  explicit Sparse(int64_t inputs) : inputs_(inputs) {}
  std::string_view name() const override { return "sparse"; }
  Value::Map config() const override { return {{"inputs", inputs_}}; }
  // The same key gives the same numbers on every machine.
  void fill(std::span<float> values, const Shape& shape, uint64_t key) const override {
    const int64_t units = shape.back();
    const int64_t all = shape.size() / units;
    std::fill(values.begin(), values.end(), 0.0F);
    for (int64_t unit = 0; unit < units; ++unit) {
      for (int64_t i = 0; i < inputs_; ++i) {
        const auto draw = Philox::words(key, 0, static_cast<uint64_t>(unit * inputs_ + i));
        const auto input = static_cast<int64_t>(draw[0] % static_cast<uint32_t>(all));
        const float size = 1 / std::sqrt(static_cast<float>(inputs_));
        values[static_cast<size_t>(input * units + unit)] = draw[1] % 2 == 0 ? size : -size;
      }
    }
  }

 private:
  int64_t inputs_;
};

int main(int argc, char**) {  // --short: a few epochs
  const Initializer sparse(std::make_shared<Sparse>(15));
  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(),
                    Dense({.units = 64, .activation = "relu", .kernel_initializer = sparse}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.build({20, 20});
  int64_t heard = 0;
  for (const float each : model.weights()[0].second.span<float>()) heard += each == 0 ? 0 : 1;
  std::cout << "a unit hears " << static_cast<double>(heard) / 64 << " of 400 inputs\n";
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(train.divide(255), {.epochs = argc > 1 ? 3 : 20, .validation_data = test.divide(255)});
  return heard > 0 && heard <= 64 * 15 ? 0 : 1;
}
