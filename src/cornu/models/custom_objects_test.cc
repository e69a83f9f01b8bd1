// Models with user-defined parts are saved, and loaded with CustomObjects or without compiling.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "cornu/core/error_of_test.h"
#include "cornu/core/file.h"
#include "cornu/formats/safetensors.h"
#include "cornu/models/load_model.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/regularizers/l1_l2.h"

namespace cornu::inline v0 {
namespace custom_objects_test {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Scaled final : public LossDescription {
 public:
  explicit Scaled(double scale) : scale_(scale) {}
  std::string_view name() const override { return "scaled"; }
  Value::Map config() const override { return {{"scale", scale_}}; }
  void check(const Field& target, const Shape& y_pred) const override {
    squared_->check(target, y_pred);
  }
  SlotId lower(Builder& b, SlotId y_true, SlotId y_pred) const override {
    return b.emit_one(ops::Affine{.scale = scale_}, {squared_->lower(b, y_true, y_pred)});
  }

 private:
  double scale_;
  Loss squared_ = "mse";
};

class Count final : public MetricDescription {
  struct Counter final : MetricCounter {
    void update(const Outcome& outcome) override {
      count += static_cast<double>(outcome.y_pred.shape()[0]);
    }
    double result() const override { return count; }
    void reset() override { count = 0; }
    double count = 0;
  };

 public:
  std::string_view name() const override { return "count"; }
  std::string_view unit() const override { return "samples"; }
  bool higher_is_better() const override { return true; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override { return std::make_unique<Counter>(); }
};

class Doubled final : public ActivationDescription {
 public:
  std::string_view name() const override { return "doubled"; }
  SlotId lower(Builder& b, SlotId x) const override {
    return b.emit_one(ops::Affine{.scale = 2}, {x});
  }
};

class Quarter final : public InitializerDescription {
 public:
  std::string_view name() const override { return "quarter"; }
  void fill(std::span<float> values, const Shape&, uint64_t) const override {
    std::ranges::fill(values, 0.25F);
  }
};

struct ShiftOptions {
  double by = 1;
  std::string name = {};
  bool trainable = true;
  static void visit_fields(auto& self, auto& v) {
    v("by", self.by);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

class Shift final : public LayerWith<ShiftOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return "Shift"; }
  std::vector<WeightSpec> weights(const Shapes& x) const override {
    return {{"w", {x[0].back()}, Initializer(std::make_shared<Quarter>())}};
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return {b.emit_one(ops::Affine{.scale = 1, .offset = options.by}, {x[0]})};
  }
};

Layer shift(ShiftOptions options) {
  return Layer(std::make_shared<Shift>(std::move(options)));
}

Layer shift_of(const Value::Map& config) {
  ShiftOptions options;
  fields_from_map(config, options, "Shift");
  return shift(std::move(options));
}

Tensor floats(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 7 + 3) % 13 - 6) / 8;
  }
  return x;
}

class CustomParts : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  static Sequential plain() { return Sequential({Input({4}), Dense({.units = 2})}); }

  const std::string path_ = ::testing::TempDir() + "custom_parts_" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".safetensors";
  const Tensor x_ = floats({6, 4});
  const Tensor y_ = floats({6, 2});
};

TEST_F(CustomParts, ALossComesBackWithItsOptions) {
  Sequential model = plain();
  model.compile({.loss = Loss(std::make_shared<Scaled>(3)), .metrics = {"mae"}});
  model.save(path_);
  const auto make = [](const Value::Map& config) {
    return std::make_shared<Scaled>(Value(config)["scale"].as_double());
  };
  const Model loaded = load_model(path_, {.custom_objects = {.losses = {{"scaled", make}}}});
  EXPECT_EQ(loaded.evaluate(x_, y_)["loss"], model.evaluate(x_, y_)["loss"]);
  // Or with the loss itself.
  const Loss same(std::make_shared<Scaled>(3));
  const Model again = load_model(path_, {.custom_objects = {.losses = {{"scaled", same}}}});
  EXPECT_EQ(again.evaluate(x_, y_)["loss"], model.evaluate(x_, y_)["loss"]);
}

TEST_F(CustomParts, WithoutThemTheErrorSaysWhatToDo) {
  Sequential model = plain();
  model.compile({.loss = Loss(std::make_shared<Scaled>(3))});
  model.save(path_);
  EXPECT_THAT(error_of([&] { load_model(path_); }),
              AllOf(HasSubstr(path_), HasSubstr("unknown loss \"scaled\""),
                    HasSubstr("custom_objects"), HasSubstr(".compile = false")));
}

TEST_F(CustomParts, AModelLoadsWithoutBeingCompiled) {
  Sequential model = plain();
  model.compile(
      {.loss = Loss(std::make_shared<Scaled>(3)), .metrics = {Metric(std::make_shared<Count>())}});
  model.save(path_);
  Model loaded = load_model(path_, {.compile = false});
  EXPECT_FALSE(loaded.compiled());
  EXPECT_EQ(loaded.predict(x_).at(3), model.predict(x_).at(3));
  EXPECT_THAT(error_of([&] { loaded.evaluate(x_, y_); }), HasSubstr("is not compiled"));
  loaded.compile({.loss = "mse"});
  loaded.fit(x_, y_, {.verbose = 0});
}

TEST_F(CustomParts, MetricsOfEveryKindComeBack) {
  Sequential model = plain();
  const Metric count(std::make_shared<Count>());
  model.compile({.loss = "mse", .metrics = {count, "mae"}, .weighted_metrics = {"mse"}});
  model.save(path_);
  const Model loaded = load_model(path_, {.custom_objects = {.metrics = {{"count", count}}}});
  const Logs logs = loaded.evaluate(x_, y_);
  EXPECT_EQ(logs["count"], 6);
  EXPECT_EQ(logs["mae"], model.evaluate(x_, y_)["mae"]);
}

TEST_F(CustomParts, LayersAndTheirPartsComeBack) {
  const Activation doubled(std::make_shared<Doubled>());
  const Initializer quarter(std::make_shared<Quarter>());
  const Sequential inner({Input({4}), shift({.by = 0.5})}, {.name = "inner"});
  Sequential model({Input({4}), inner.as_layer(),
                    Dense({.units = 2, .activation = doubled, .kernel_initializer = quarter}),
                    shift({.by = -2, .name = "last"}), shift({.by = 3})});
  model.save(path_);
  EXPECT_THAT(error_of([&] { load_model(path_); }), HasSubstr("unknown layer \"Shift\""));
  const CustomObjects objects{.layers = {{"Shift", shift_of}},
                              .activations = {{"doubled", doubled}},
                              .initializers = {{"quarter", quarter}}};
  const Model loaded = load_model(path_, {.custom_objects = objects});
  EXPECT_EQ(loaded.summary(), model.summary());
  EXPECT_EQ(std::memcmp(loaded.predict(x_).data(), model.predict(x_).data(), 6 * 2 * 4), 0);
  EXPECT_EQ(loaded.get_layer("last").name(), "last");
  // Outside of that call, the names are unknown again.
  EXPECT_THAT(error_of([&] { load_model(path_); }), HasSubstr("unknown layer \"Shift\""));
}

// One object serves several layers of its type; each has its own weights.
TEST_F(CustomParts, AnObjectMakesALayerForEachOfItsType) {
  Sequential model({Input({4}), shift({.by = 1}), shift({.by = 1})});
  model.set_weight("shift/w", floats({4}));
  model.save(path_);
  const Model loaded =
      load_model(path_, {.custom_objects = {.layers = {{"Shift", shift({.by = 1})}}}});
  ASSERT_EQ(loaded.weights().size(), 2U);
  EXPECT_EQ(loaded.weights()[0].second.at(0), floats({4}).at(0));
  EXPECT_EQ(loaded.weights()[1].second.at(0), 0.25);
}

TEST_F(CustomParts, WeightsAloneCanBeLoaded) {
  const Sequential saved = [] {
    Sequential model = plain();
    model.compile({.loss = Loss(std::make_shared<Scaled>(3))});
    model.set_weight("dense/bias", floats({2}));
    return model;
  }();
  saved.save(path_);
  Sequential other({Input({4}), Dense({.units = 2})}, {.seed = 5});
  other.compile({.loss = "mse"});
  const double before = other.evaluate(x_, y_)["loss"];
  other.load_weights(path_);
  EXPECT_EQ(std::memcmp(other.predict(x_).data(), saved.predict(x_).data(), 6 * 2 * 4), 0);
  EXPECT_NE(other.evaluate(x_, y_)["loss"], before);
}

TEST_F(CustomParts, WeightsThatDoNotFitChangeNothing) {
  plain().save(path_);
  const auto expect_refused = [&](Sequential model, const std::string& why) {
    const Tensor before = model.predict(x_);
    EXPECT_THAT(error_of([&] { model.load_weights(path_); }),
                AllOf(HasSubstr(path_), HasSubstr(why)));
    EXPECT_EQ(std::memcmp(model.predict(x_).data(), before.data(), before.nbytes()), 0);
  };
  expect_refused(Sequential({Input({4}), Dense({.units = 3})}, {.seed = 1}),
                 "dense/kernel: expected shape (4, 3), got (4, 2)");
  expect_refused(Sequential({Input({4}), Dense({.units = 2, .name = "other"})}, {.seed = 1}),
                 "other/kernel: expected a weight of that name, got dense/kernel, dense/bias");
  expect_refused(Sequential({Input({4}), Dense({.units = 2, .use_bias = false})}, {.seed = 1}),
                 "expected 1 weight, got 2");
  expect_refused(Sequential({Input({4}), Dense({.units = 2}), Dense({.units = 2})}, {.seed = 1}),
                 "dense_1/kernel");
}

// As NumPy or PyTorch write them, without a description of the network.
TEST_F(CustomParts, WeightsOfAPlainFileAreTakenByName) {
  formats::Safetensors file;
  file.tensors.emplace_back("dense/bias", floats({2}));
  file.tensors.emplace_back("dense/kernel", floats({4, 2}));
  replace_file(path_, formats::write_safetensors(file));
  Sequential model = plain();
  model.load_weights(path_);
  EXPECT_EQ(model.weights()[0].second.at(5), floats({4, 2}).at(5));
  EXPECT_EQ(model.weights()[1].second.at(1), floats({2}).at(1));
}

}  // namespace custom_objects_test
}  // namespace cornu::inline v0
