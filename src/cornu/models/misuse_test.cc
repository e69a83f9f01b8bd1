// Mistakes that used to end the program, or passed in silence, are errors.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/core/error_of_test.h"
#include "cornu/losses/binary_crossentropy.h"
#include "cornu/models/clone_model.h"
#include "cornu/models/load_model.h"
#include "cornu/models/sequential.h"
#include "cornu/regularizers/l1_l2.h"
#include "cornu/schedules/cosine_decay.h"

namespace cornu::inline v0 {
namespace misuse_test {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

Tensor ones(Shape shape) {
  Tensor x(shape);
  for (float& each : x.span<float>()) each = 1;
  return x;
}

Sequential small() {
  Sequential model({Input({4}), Dense({.units = 3, .activation = "relu"}), Dense({.units = 2})});
  model.compile({.loss = "mse"});
  return model;
}

TEST(MovedFrom, ModelsAreAnErrorToUse) {
  Sequential model = small();
  const Sequential taken = std::move(model);
  const Tensor x = ones({2, 4});
  const Tensor y = ones({2, 2});
  // NOLINTBEGIN(bugprone-use-after-move): tested on purpose
  const std::vector<std::function<void()>> uses = {
      [&] { (void)model.name(); },
      [&] { (void)model.type(); },
      [&] { (void)model.built(); },
      [&] { (void)model.graph(); },
      [&] { (void)model.layers(); },
      [&] { (void)model.get_layer(0); },
      [&] { (void)model.get_layer("dense"); },
      [&] { (void)model.inputs(); },
      [&] { (void)model.as_layer(); },
      [&] { (void)model(Input({4})); },
      [&] { model.set_trainable(false); },
      [&] { (void)model.weights(); },
      [&] { model.set_weight("dense/bias", x); },
      [&] { (void)model.summary(); },
      [&] { model.compile({.loss = "mse"}); },
      [&] { (void)model.compiled(); },
      [&] { (void)model.compile_options(); },
      [&] { model.execute_with({}); },
      [&] { model.fit(x, y); },
      [&] { model.train_on_batch(x, y); },
      [&] { model.evaluate(x, y); },
      [&] { model.test_on_batch(x, y); },
      [&] { model.predict(x); },
      [&] { model.predict(Dataset(x, y)); },
      [&] { (void)model.predictor(); },
      [&] { model.predict_classes(x); },
      [&] { model.save("moved.safetensors"); },
      [&] { model.load_weights("moved.safetensors"); },
      [&] { (void)model.explain({}, Mode::predict, 1); },
      [&] { (void)model.data_spec(); },
      [&] { model.set_data_spec({}); },
      [&] { (void)model.seed(); },
      [&] { (void)model.step_threads({}, 1); },
      [&] { model.add(Dense({.units = 1})); },
      [&] { model.build({4}); },
      [&] { model.pop(); },
      [&] { (void)clone_model(model); },
  };
  for (size_t i = 0; i < uses.size(); ++i) {
    EXPECT_THAT(error_of(uses[i]),
                AllOf(HasSubstr("was moved from"), HasSubstr("use the object it was moved to")))
        << "use " << i;
  }
  EXPECT_EQ(taken.predict(x).shape(), (Shape{2, 2}));
  model = small();  // and it can be given a new value
  EXPECT_EQ(model.predict(x).shape(), (Shape{2, 2}));
  // NOLINTEND(bugprone-use-after-move)
}

TEST(MovedFrom, APredictorIsAnErrorToUse) {
  const Sequential model = small();
  Predictor predictor = model.predictor();
  Predictor taken = std::move(predictor);
  const Tensor x = ones({1, 4});
  EXPECT_THAT(error_of([&] { predictor.predict(x); }),  // NOLINT(bugprone-use-after-move)
              HasSubstr("Predictor: was moved from"));
  EXPECT_EQ(taken.predict(x).shape(), (Shape{1, 2}));
}

// Moving a handle only copies it, so the source is unchanged.
TEST(MovedFrom, MovingAHandleLeavesTheSourceUnchanged) {
  const auto stays = [](auto handle, const auto& text_of) {
    const std::string before = text_of(handle);
    const auto taken = std::move(handle);
    EXPECT_EQ(text_of(handle), before);  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(text_of(taken), before);
    EXPECT_FALSE(before.empty());
  };
  stays(Layer(Dense({.units = 2, .name = "d"})), [](const Layer& x) { return x.where(); });
  stays(Dense({.units = 2, .name = "d"}), [](const Dense& x) { return x.where(); });
  stays(Input({4}), [](const Input& x) { return x.shape().str(); });
  stays(SymbolicTensor(Input({4})), [](const SymbolicTensor& x) { return x.shape().str(); });
  const auto name = [](const auto& x) { return std::string(x->name()); };
  stays(Loss("mse"), name);
  stays(Metric("mae"), name);
  stays(Optimizer("adam"), name);
  stays(Initializer("he_normal"), name);
  stays(Regularizer("l2"), name);
  stays(Activation("relu"), [](const Activation& x) { return std::string(x.name()); });
  stays(LearningRate(CosineDecay({.initial_learning_rate = 0.5, .decay_steps = 3})),
        [](const LearningRate& x) { return std::string(x.schedule()->name()); });
  stays(Dataset(ones({2, 4}), ones({2, 1}), {.name = "d"}),
        [](const Dataset& x) { return x.info().name + x.x().shape().str() + x.y().shape().str(); });
}

TEST(MovedFrom, ATensorIsEmpty) {
  Tensor x = ones({2, 4});
  const Tensor taken = std::move(x);
  EXPECT_EQ(x.size(), 0);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(taken.size(), 8);
}

TEST(NotANumber, InAnInputToPredictNamesTheSample) {
  const Sequential model = small();
  Tensor x = ones({600, 4});
  EXPECT_EQ(error_of([&] { model.predict(x); }), "no error");
  x.span<float>()[4 * 517 + 2] = kNaN;
  const auto says = AllOf(HasSubstr("sample 517"), HasSubstr("nan at element 2"));
  EXPECT_THAT(error_of([&] { model.predict(x); }), says);
  EXPECT_THAT(error_of([&] { model.predict_classes(x); }), says);
  EXPECT_THAT(error_of([&] { model.predict_all(std::vector<TensorView>{x}); }), says);
  EXPECT_THAT(error_of([&] { model.predict(Dataset(x, ones({600, 2}))); }), says);
  EXPECT_THAT(error_of([&] {
                model.predict(Dataset(x, ones({600, 2})), {.batch_size = 7});
              }),
              says);
  // The model can still predict the rest of the data.
  EXPECT_EQ(model.predict(x.view().rows(0, 517)).shape(), (Shape{517, 2}));
}

TEST(NotANumber, APredictorNamesTheSampleToo) {
  const Sequential model = small();
  Predictor predictor = model.predictor({.rows = 3});
  Tensor x = ones({3, 4});
  x.span<float>()[4 + 3] = kNaN;
  EXPECT_THAT(error_of([&] { predictor.predict(x); }),
              AllOf(HasSubstr("sample 1"), HasSubstr("nan at element 3")));
  EXPECT_EQ(predictor.predict(ones({3, 4})).shape(), (Shape{3, 2}));
}

// An infinite input may give a finite output; predict then returns it.
TEST(NotANumber, AnInfiniteInputIsAnErrorOnlyIfTheOutputIsNaN) {
  Sequential model(
      {Input({1}), Dense({.units = 1, .activation = "sigmoid", .kernel_initializer = "ones"})});
  Tensor x = ones({1, 1});
  x.span<float>()[0] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(model.predict(x).at(0), 1);
  model.set_weight("dense/kernel", Tensor(Shape{1, 1}));
  EXPECT_THAT(error_of([&] { model.predict(x); }), HasSubstr("inf at element 0"));
}

TEST(PredictClasses, ASingleProbabilityIsSplitAtOneHalf) {
  Sequential model(
      {Input({1}), Dense({.units = 1, .activation = "sigmoid", .kernel_initializer = "ones"})});
  const std::vector<float> x = {-1.5F, -0.5F, 0.5F, 1.5F, 0.0F};  // 0.18, 0.38, 0.62, 0.82, 0.5
  const Tensor in = Tensor::of<float>({5, 1}, x);
  const Tensor classes = model.predict_classes(in);
  EXPECT_EQ(classes.dtype(), DType::int64);
  EXPECT_EQ(classes.shape(), Shape{5});
  const std::vector<int64_t> right = {0, 0, 1, 1, 0};
  for (int64_t i = 0; i < 5; ++i) EXPECT_EQ(classes.at(i), right[static_cast<size_t>(i)]) << i;
  const Tensor y(Shape{5, 1});
  EXPECT_EQ(model.predict_classes(Dataset(in, y)).at(2), 1);
  // Its accuracy counts the same way.
  model.compile({.loss = "binary_crossentropy", .metrics = {"accuracy"}});
  Tensor truth(Shape{5, 1});
  for (size_t i = 0; i < 5; ++i) truth.span<float>()[i] = static_cast<float>(right[i]);
  EXPECT_EQ(model.evaluate(in, truth)["accuracy"], 1.0);
}

TEST(PredictClasses, ALogitIsSplitAtZero) {
  Sequential model({Input({1}), Dense({.units = 1, .kernel_initializer = "ones"})});
  model.compile({.loss = BinaryCrossentropy({.from_logits = true})});
  const std::vector<float> x = {-0.25F, 0.25F, 0.75F};
  const Tensor classes = model.predict_classes(Tensor::of<float>({3, 1}, x));
  EXPECT_EQ(classes.at(0), 0);
  EXPECT_EQ(classes.at(1), 1);
  EXPECT_EQ(classes.at(2), 1);
}

}  // namespace misuse_test
}  // namespace cornu::inline v0
