// A user-defined layer with its arithmetic and gradient written by hand: y = x ÷ (1 + |a·x|), a
// softsign whose steepness each unit learns.

#include <iostream>

#include "cornu/cornu.h"
#include "cornu/testing/check.h"
using namespace cornu;

// +, −, · and ÷ are the same on every machine, so this is too.
struct LearntSoftsign {
  static constexpr std::string_view kName = "learnt_softsign";
  Shape output_shape(std::span<const Shape> in) const { return in[0]; }

  template <class T>
  static T size(T x) {
    return x < 0 ? -x : x;
  }
  template <class T>
  void forward(const ops::CustomInputs<T>& in, std::span<T> y) const {
    const std::span<const T> x = in[0], a = in[1];
    for (size_t i = 0; i < y.size(); ++i) y[i] = x[i] / (1 + size(a[i % a.size()] * x[i]));
  }
  // dx = dy ÷ (1 + |a·x|)², da = −Σ dy · x · |x| · sign(a) ÷ (1 + |a·x|)²
  template <class T>
  void backward(const ops::CustomInputs<T>& in, std::span<const T>, std::span<const T> dy,
                size_t input, std::span<T> dx) const {
    const std::span<const T> x = in[0], a = in[1];
    for (size_t i = 0; i < dy.size(); ++i) {
      const size_t unit = i % a.size();
      const T below = 1 + size(a[unit] * x[i]);
      const T back = dy[i] / (below * below);
      if (input == 0) dx[i] += back;
      if (input == 1) dx[unit] -= back * x[i] * size(x[i]) * (a[unit] < 0 ? T{-1} : T{1});
    }
  }
};

struct SoftsignOptions {
  Initializer a_initializer = "ones";
  std::string name = {};
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("a_initializer", self.a_initializer);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

class SoftsignLayer final : public LayerWith<SoftsignOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return "LearntSoftsign"; }
  std::vector<WeightSpec> weights(const Shapes& x) const override {
    return {{"a", {x[0].back()}, options.a_initializer}};
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::custom(LearntSoftsign{}), {x[0], b.weight("a")});
  }
};

Layer learnt_softsign(SoftsignOptions options = {}) {
  return Layer(std::make_shared<SoftsignLayer>(std::move(options)));
}

int main(int argc, char**) {  // --short: a few epochs
  // Its gradients against central differences, on every target of this CPU.
  const testing::CheckResult check = testing::check_layer(learnt_softsign(), {7});
  std::cout << check.entries << " derivatives compared: " << (check.ok ? "right\n" : check.log);

  const auto [train, test] = datasets::digits();
  Sequential model({Flatten(), Dense({.units = 64}), learnt_softsign(),
                    Dense({.units = 10, .activation = "softmax"})});
  model.compile({.loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(train.divide(255), {.epochs = argc > 1 ? 3 : 20, .validation_data = test.divide(255)});
  std::cout << model.summary();
  return check.ok ? 0 : 1;
}
