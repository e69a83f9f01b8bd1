#include "cornu/layers/layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <utility>

#include "cornu/core/error_of_test.h"
#include "cornu/cornu.h"

namespace cornu::inline v0 {
namespace layer_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A layer of one weight "w" (4, 6), which does what a function says.
class Own final : public LayerDescription {
 public:
  using Lower = std::function<Slots(Builder&, const Slots&, Mode)>;
  explicit Own(Lower lower) : lower_(std::move(lower)) {}
  std::string_view type() const override { return "Own"; }
  Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  void check_inputs(const Shapes& x, const std::string& where) const override {
    if (x[0].ndim() > 3) throw Error({.where = where, .what = "too many axes"});
  }
  std::vector<WeightSpec> weights(const Shapes&) const override { return {{"w", {4, 6}, "ones"}}; }
  Slots lower(Builder& b, Slots x, Mode mode) const override { return lower_(b, x, mode); }

 private:
  Lower lower_;
  std::string name_ = "mine";
};

Layer own(Own::Lower lower) {
  return Layer(std::make_shared<Own>(std::move(lower)));
}

Slots product(Builder& b, const Slots& x, Mode) {
  return b.emit(ops::Product{}, {x[0], b.weight("w"), kNone});
}

TEST(Layer, ItsShapesAreThoseThatItsOpsState) {
  EXPECT_EQ(own(product)(Input({4})).shape(), (Shape{kRows, 6}));
  EXPECT_EQ(own(product)(Input({5, 4})).shape(), (Shape{kRows, 5, 6}));
  const Layer both = own([](Builder& b, const Slots& x, Mode mode) {
    return Slots{product(b, x, mode)[0], b.reshape(x[0], {kRows, 2, 2})};
  });
  const SymbolicTensors y = both.call({Input({4})});
  ASSERT_EQ(y.size(), 2U);
  EXPECT_EQ(y[0].shape(), (Shape{kRows, 6}));
  EXPECT_EQ(y[1].shape(), (Shape{kRows, 2, 2}));
  EXPECT_THAT(own(product).description().output_shapes({{kRows, 4}}, ""),
              ElementsAre(Shape{kRows, 6}));
}

TEST(Layer, ItsOpsErrorsNameItAsTheUserDoes) {
  EXPECT_EQ(error_of([] { own(product)(Input({5})); }),
            "Own \"mine\": input does not fit the kernel; expected inputs of shape (None, …, 4), "
            "got (None, 5).");
  EXPECT_EQ(error_of([] { own(product)(Input({4, 4, 4})); }), "Own \"mine\": too many axes.");
  EXPECT_EQ(error_of([] {
              own([](Builder& b, const Slots&, Mode) { return Slots{b.weight("v")}; })(Input({4}));
            }),
            "Own \"mine\": no weight \"v\". Hint: list it in the layer's weights()");
}

TEST(Layer, ItsActivationRefusesInputsWhenTheLayerIsCalled) {
  EXPECT_THAT(error_of([] { Layer(Activation("softmax"))(Input(Shape{})); }),
              HasSubstr("Activation: softmax runs along the last axis of each sample"));
}

TEST(Layer, ShapesNeedNoMemoryForWeights) {
  constexpr int64_t kHuge = int64_t{1} << 31;
  const auto y = Dense({.units = kHuge})(Input({kHuge}));
  EXPECT_EQ(y.shape(), (Shape{kRows, kHuge}));
}

TEST(Layer, ExtentsWhoseSumOverflowsAreAnError) {
  const Input x({int64_t{1} << 62});
  EXPECT_EQ(error_of([&] {
              Concatenate()({x, x});
            }),
            "Concatenate: the extents of axis 1 have a sum that overflows 63 bits.");
}

TEST(Layer, ThatMakesOtherShapesInTrainingIsAnError) {
  Sequential model({Input({4}), own([](Builder& b, const Slots& x, Mode mode) {
                      return mode == Mode::training ? x : product(b, x, mode);
                    })});
  EXPECT_EQ(model.predict(Tensor(Shape{2, 4})).shape(), (Shape{2, 6}));
  model.compile({.loss = "mean_squared_error"});
  EXPECT_THAT(
      error_of([&] {
        model.train_on_batch(Tensor(Shape{2, 4}), Tensor(Shape{2, 6}));
      }),
      HasSubstr("Own \"mine\": lower() makes other outputs in training than the network was made "
                "with; expected (None, 6), got (None, 4)."));
}

}  // namespace layer_test
}  // namespace cornu::inline v0
