// Registered parts are found by their names wherever Cornu's own are: in calls, in model files and
// in Keras's. Names are registered until the process ends, so each test has names of its own.

#include "cornu/models/register_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/initializers/constant.h"
#include "cornu/layers/table.h"
#include "cornu/models/keras_json.h"
#include "cornu/models/load_model.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/schedules/schedule_with.h"

namespace cornu::inline v0 {
namespace register_parts_test {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Tensor floats(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 7 + 3) % 13 - 6) / 8;
  }
  return x;
}

class RegisterParts : public ::testing::Test {
 protected:
  void TearDown() override {
    std::filesystem::remove(file(".safetensors"));
    std::filesystem::remove(file(".keras"));
  }
  static std::string file(const std::string& suffix) {
    return ::testing::TempDir() + "register_parts_" +
           ::testing::UnitTest::GetInstance()->current_test_info()->name() + suffix;
  }
  /// The model as it comes back from both kinds of files, without custom_objects.
  static std::vector<Model> saved_and_loaded(const Model& model) {
    std::vector<Model> all;
    for (const std::string suffix : {".safetensors", ".keras"}) {
      model.save(file(suffix));
      all.push_back(load_model(file(suffix)));
    }
    return all;
  }
  void expect_same_outputs(const Model& a, const Model& b) const {
    const Tensor expected = a.predict(x_);
    EXPECT_EQ(std::memcmp(b.predict(x_).data(), expected.data(), expected.nbytes()), 0);
  }
  void expect_same_steps(Model& model) const {
    const FitOptions fitting{.batch_size = 6, .epochs = 2, .verbose = 0};
    std::vector<Model> all = saved_and_loaded(model);
    model.fit(x_, y_, fitting);
    for (Model& loaded : all) {
      loaded.fit(x_, y_, fitting);
      expect_same_outputs(model, loaded);
    }
  }

  const Tensor x_ = floats({6, 4});
  const Tensor y_ = floats({6, 2});
};

struct ShiftByOptions {
  double by = 1;
  std::string name = {};
  bool trainable = true;
  static void visit_fields(auto& self, auto& v) {
    v("by", self.by);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

class ShiftBy final : public LayerWith<ShiftByOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return "ShiftBy"; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return {b.emit_one(ops::Affine{.scale = 1, .offset = options.by}, {x[0]})};
  }
};

TEST_F(RegisterParts, ALayerIsFoundByItsTypeWithItsOptions) {
  EXPECT_THAT(error_of([] { make_layer("ShiftBy", {}); }), HasSubstr("unknown layer \"ShiftBy\""));
  register_layer<ShiftBy>();
  const Layer made = make_layer("shift_by", {{"by", 0.5}});
  EXPECT_EQ(made.description().config(),
            (Value::Map{{"by", 0.5}, {"name", ""}, {"trainable", true}}));
  EXPECT_THAT(find_layer("shiftby")->fields(), ElementsAre("by", "name", "trainable"));
  EXPECT_THAT(error_of([] {
                make_layer("ShiftBy", {{"bye", 1.0}});
              }),
              AllOf(HasSubstr("ShiftBy: unknown option \"bye\""), HasSubstr("by")));
  // An unknown layer's error lists it among the others.
  EXPECT_THAT(error_of([] { make_layer("ShiftedBy", {}); }), HasSubstr("ShiftBy"));

  const Sequential inner({Input({4}), make_layer("ShiftBy", {{"by", 0.25}})}, {.name = "inner"});
  Sequential model({Input({4}), inner.as_layer(), Dense({.units = 2}),
                    make_layer("ShiftBy", {{"by", -2.0}, {"name", "last"}})});
  for (const Model& loaded : saved_and_loaded(model)) {
    expect_same_outputs(model, loaded);
    EXPECT_EQ(loaded.summary(), model.summary());
    EXPECT_EQ(loaded.get_layer("last").type(), "ShiftBy");
  }
  const Model from_json = model_from_json(
      R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "i"}},
        {"module": null, "class_name": "ShiftBy", "registered_name": "Custom>ShiftBy",
         "config": {"name": "moved", "trainable": true, "dtype": "float32", "by": 3}}]}})");
  EXPECT_EQ(from_json.predict(floats({1, 4})).at(0), floats({1, 4}).at(0) + 3);
}

// Each of a type has weights of its own, though one object was registered.
TEST_F(RegisterParts, ALayerItselfMakesACopyForEachUse) {
  register_layer("OwnDense", Dense({.units = 4, .name = "own"}));
  const Layer first = make_layer("OwnDense", {});
  const Layer second = make_layer("OwnDense", {});
  EXPECT_FALSE(first == second);
}

class Doubled final : public ActivationDescription {
 public:
  std::string_view name() const override { return "doubled_output"; }
  SlotId lower(Builder& b, SlotId x) const override {
    return b.emit_one(ops::Affine{.scale = 2}, {x});
  }
};

TEST_F(RegisterParts, AnActivationIsFound) {
  register_activation<Doubled>();
  Sequential model({Input({4}), Dense(2, "doubled_output")});
  const Sequential plain({Input({4}), Dense(2)});
  EXPECT_EQ(model.predict(x_).at(3), 2 * plain.predict(x_).at(3));
  for (const Model& loaded : saved_and_loaded(model)) expect_same_outputs(model, loaded);
}

class Eighth final : public InitializerDescription {
 public:
  std::string_view name() const override { return "eighth"; }
  void fill(std::span<float> values, const Shape&, uint64_t) const override {
    std::ranges::fill(values, 0.125F);
  }
};

TEST_F(RegisterParts, AnInitializerIsFound) {
  register_initializer<Eighth>();
  Sequential model({Input({4}), Dense({.units = 2, .kernel_initializer = "eighth"})});
  EXPECT_EQ(model.get_layer("dense").weights()[0].value.at(5), 0.125);
  for (const Model& loaded : saved_and_loaded(model)) {
    expect_same_outputs(model, loaded);
    const Value config = loaded.get_layer("dense").description().config();
    EXPECT_EQ(config["kernel_initializer"]["class_name"].as_string(), "eighth");
  }
}

/// A class of parts rather than of descriptions, as Cornu's own are.
class Tripled : public Initializer {
 public:
  static constexpr std::string_view kName = "tripled";
  using Options = ConstantOptions;
  explicit Tripled(Options given) : Initializer(Constant({.value = 3 * given.value})) {}
};

TEST_F(RegisterParts, AClassOfPartsIsFoundByItsName) {
  register_initializer<Tripled>();
  EXPECT_EQ(make_initializer("Tripled", {{"value", 2.0}}).make(Shape{1}, 0).at(0), 6);
  EXPECT_THAT(error_of([] {
                make_initializer("tripled", {{"values", 2.0}});
              }),
              HasSubstr("tripled: unknown option \"values\""));
}

class Largest final : public RegularizerDescription {
 public:
  explicit Largest(double factor) : factor_(factor) {}
  std::string_view name() const override { return "largest"; }
  Value::Map config() const override { return {{"factor", factor_}}; }
  SlotId lower(Builder& b, SlotId weight) const override {
    return Regularizer("l2")->lower(b, b.emit_one(ops::Affine{.scale = factor_}, {weight}));
  }

 private:
  double factor_;
};

TEST_F(RegisterParts, ARegularizerIsFound) {
  register_regularizer(
      "largest",
      [](const Value::Map& config) {
        return std::make_shared<Largest>(config.empty() ? 1 : Value(config)["factor"].as_double());
      },
      {"factor"});
  Sequential model(
      {Input({4}),
       Dense({.units = 2, .kernel_regularizer = make_regularizer("largest", {{"factor", 3.0}})})});
  model.compile({.loss = "mse"});
  for (const Model& loaded : saved_and_loaded(model)) {
    EXPECT_EQ(loaded.evaluate(x_, y_)["loss"], model.evaluate(x_, y_)["loss"]);
  }
}

TEST_F(RegisterParts, ALossIsFoundAndAMetric) {
  // A function, which a file cannot hold.
  register_loss("fourth_power", Loss("fourth_power", [](Expression y_true, Expression y_pred) {
                  return square(square(y_pred - y_true));
                }));
  register_metric("worst_error", Metric("worst_error", [](TensorView y_true, TensorView y_pred) {
                    double worst = 0;
                    for (int64_t i = 0; i < y_pred.size(); ++i) {
                      worst = std::max(worst, std::abs(y_pred.at(i) - y_true.at(i)));
                    }
                    return worst;
                  }));
  Sequential model({Input({4}), Dense(2)});
  model.compile({.loss = "fourth_power", .metrics = {"worst_error"}});
  const Logs expected = model.evaluate(x_, y_);
  EXPECT_GT(expected["worst_error"], 0);
  for (const Model& loaded : saved_and_loaded(model)) {
    EXPECT_EQ(loaded.evaluate(x_, y_)["loss"], expected["loss"]);
    EXPECT_EQ(loaded.evaluate(x_, y_)["worst_error"], expected["worst_error"]);
  }
}

struct HalvingOptions {
  double initial_learning_rate = 0.5;
  static void visit_fields(auto& self, auto& v) {
    v("initial_learning_rate", self.initial_learning_rate);
  }
};

class Halving final : public ScheduleDescription {
 public:
  using Options = HalvingOptions;
  explicit Halving(Options given) : options_(given) {}
  std::string_view name() const override { return "Halving"; }
  Value::Map config() const override { return fields_to_map(options_); }
  double at(int64_t step) const override {
    return std::ldexp(options_.initial_learning_rate, static_cast<int>(-step));
  }

 private:
  Options options_;
};

struct SignDescentOptions {
  double learning_rate = 0.01;
  static void visit_fields(auto& self, auto& v) { v("learning_rate", self.learning_rate); }
};

// SGD under another name.
class SignDescent final : public OptimizerDescription {
 public:
  using Options = SignDescentOptions;
  explicit SignDescent(Options given)
      : options_(given), sgd_(SGD({.learning_rate = given.learning_rate})) {}
  std::string_view name() const override { return "own_descent"; }
  Value::Map config() const override { return fields_to_map(options_); }
  LearningRate learning_rate() const override { return options_.learning_rate; }
  void lower(Builder& b, SlotId w, SlotId dw) const override { sgd_->lower(b, w, dw); }

 private:
  Options options_;
  Optimizer sgd_;
};

TEST_F(RegisterParts, AScheduleIsFound) {
  register_schedule<Halving>();
  EXPECT_EQ(make_schedule("halving", {{"initial_learning_rate", 0.25}}).at(1), 0.125);
  Sequential model({Input({4}), Dense(2)});
  model.compile({.optimizer = SGD({.learning_rate = make_schedule(
                                       "Halving", {{"initial_learning_rate", 0.25}})}),
                 .loss = "mse"});
  expect_same_steps(model);
}

TEST_F(RegisterParts, AnOptimizerIsFound) {
  register_optimizer<SignDescent>();
  Sequential model({Input({4}), Dense(2)});
  model.compile(
      {.optimizer = make_optimizer("own_descent", {{"learning_rate", 0.125}}), .loss = "mse"});
  expect_same_steps(model);
}

TEST_F(RegisterParts, TakenNamesAreRefused) {
  const Loss loss("mine", [](Expression, Expression y_pred) { return square(y_pred); });
  EXPECT_THAT(error_of([&] { register_loss("mse", loss); }),
              AllOf(HasSubstr("register_loss"), HasSubstr("\"mse\""),
                    HasSubstr("mean_squared_error"), HasSubstr("another name")));
  EXPECT_THAT(error_of([&] { register_loss("MeanSquaredError", loss); }),
              HasSubstr("is a name of Cornu's mean_squared_error"));
  register_loss("taken_twice", loss);
  EXPECT_THAT(error_of([&] { register_loss("TakenTwice", loss); }),
              HasSubstr("\"TakenTwice\" is registered already"));
  for (const std::string name : {"", "my loss", "2nd", "a(b)", "größe"}) {
    EXPECT_THAT(error_of([&] { register_loss(name, loss); }), HasSubstr("begins with a letter"))
        << name;
  }
  // The same name may be of another kind.
  register_metric("taken_twice", Metric("taken_twice", [](TensorView, TensorView) { return 0.0; }));
  for (const std::string name : {"Sequential", "functional", "Input"}) {
    EXPECT_THAT(error_of([&] { register_layer(name, Dense(2)); }), HasSubstr("a name of Cornu's"))
        << name;
  }
}

// What only Keras has can be a part of the user's.
TEST_F(RegisterParts, ANameThatOnlyKerasHasIsFree) {
  EXPECT_THAT(error_of([] { Loss("tversky"); }), HasSubstr("Keras has"));
  register_loss("Tversky", Loss("tversky", [](Expression y_true, Expression y_pred) {
                  return square(y_pred - y_true);
                }));
  EXPECT_EQ(Loss("tversky")->name(), "tversky");
}

// While a file is loaded its custom_objects come first.
TEST_F(RegisterParts, CustomObjectsComeBeforeRegisteredParts) {
  const auto times = [](float factor) {
    return Loss("scaled_loss", [factor](Expression y_true, Expression y_pred) {
      return factor * square(y_pred - y_true);
    });
  };
  register_loss("scaled_loss", times(1));
  Sequential model({Input({4}), Dense(2)});
  model.compile({.loss = "scaled_loss"});
  model.save(file(".safetensors"));
  const double loss = model.evaluate(x_, y_)["loss"];
  EXPECT_EQ(load_model(file(".safetensors")).evaluate(x_, y_)["loss"], loss);
  const Model scaled =
      load_model(file(".safetensors"), {.custom_objects = {.losses = {{"scaled_loss", times(4)}}}});
  EXPECT_EQ(scaled.evaluate(x_, y_)["loss"], 4 * loss);
}

}  // namespace register_parts_test
}  // namespace cornu::inline v0
