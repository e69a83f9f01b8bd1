#include "cornu/layers/operation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <map>

#include "cornu/cornu.h"
#include "cornu/testing/check.h"

namespace cornu::inline v0 {
namespace operation_test {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A layer of weights and a function of expressions: f(x, weights…).
class FunctionLayer final : public LayerDescription {
 public:
  using Function = std::function<Expression(const std::vector<Expression>&)>;
  FunctionLayer(std::vector<Shape> weights, Function f)
      : weights_(std::move(weights)), f_(std::move(f)) {}

  std::string_view type() const override { return "FunctionLayer"; }
  Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  std::vector<WeightSpec> weights(const Shapes&) const override {
    std::vector<WeightSpec> specs;
    for (const Shape& each : weights_) {
      specs.push_back(
          {.name = "w" + std::to_string(specs.size()), .shape = each, .initializer = "ones"});
    }
    return specs;
  }
  Slots lower(Builder& b, Slots x, Mode) const override {
    std::vector<Expression> values = {{b, x[0]}};
    for (size_t i = 0; i < weights_.size(); ++i) {
      values.emplace_back(b, b.weight("w" + std::to_string(i)));
    }
    return {f_(values).slot()};
  }

 private:
  std::vector<Shape> weights_;
  Function f_;
  std::string name_;
};

Layer layer_of(std::vector<Shape> weights, FunctionLayer::Function f) {
  return Layer(std::make_shared<FunctionLayer>(std::move(weights), std::move(f)));
}

void expect_good(const Layer& layer, const Shapes& samples, testing::CheckOptions options = {}) {
  const testing::CheckResult result = testing::check_layer(layer, samples, options);
  EXPECT_TRUE(result.ok) << result.log;
  EXPECT_GT(result.entries, 0);
}

/// Outputs of a small network of one operation.
std::vector<float> computed(OperationOptions options, std::vector<std::vector<float>> rows) {
  const Input x({static_cast<int64_t>(rows[0].size())});
  const Model model(x, Operation(std::move(options))(x));
  const Tensor y = model.predict(rows);
  return {y.span<float>().begin(), y.span<float>().end()};
}

TEST(Operation, EachFunctionHasTheGradientOfCentralDifferences) {
  // Those that need numbers, axes or several inputs; others take their defaults.
  const std::map<std::string, std::vector<OperationOptions>> options = {
      {"power", {{.right = 3.0}, {.right = -2.0}}},
      {"clip", {{.left = -0.7, .right = 0.9}}},
      {"add", {{}, {.right = 0.5}}},
      {"subtract", {{}, {.left = 0.5}, {.right = 0.25}}},
      {"multiply", {{}, {.left = 1.5}}},
      {"divide", {{}, {.left = 1.5}, {.right = 3.0}, {.right = 4.0}}},
      {"maximum", {{}, {.right = 0.31}}},
      {"minimum", {{}, {.left = 0.31}}},
      {"sum", {{}, {.axis = {-1}}, {.axis = {1}, .keepdims = true}, {.axis = {1, 2}}}},
      {"mean", {{}, {.axis = {-1}}, {.axis = {1}}, {.axis = {-2, -1}, .keepdims = true}}},
      {"softmax", {{}, {.axis = {1}}}},
      {"log_softmax", {{}, {.axis = {-2}}}},
      {"reshape", {{.shape = {3, -1}}}}};
  const std::set<std::string> without = {"less",          "less_equal", "greater",
                                         "greater_equal", "where",      "matmul",
                                         "identity",      "linear",     "reshape"};
  const std::set<std::string> from_zero = {"sqrt", "log"};
  int checked = 0;
  for (const std::string& function : operation_names()) {
    if (without.contains(function)) continue;  // below, or nothing to derive
    SCOPED_TRACE(function);
    const auto found = options.find(function);
    std::vector<OperationOptions> all =
        found == options.end() ? std::vector<OperationOptions>{{}} : found->second;
    for (OperationOptions& each : all) {
      each.function = function;
      if (from_zero.contains(function)) {
        const Layer positive = layer_of({}, [each](const std::vector<Expression>& x) {
          return operate(each, {square(x[0]) + 0.25});
        });
        expect_good(positive, {{2, 3}});
      } else {
        const Operation layer(each);
        const bool pair = layer.description().takes(2);
        expect_good(layer, pair ? Shapes{{2, 3}, {2, 3}} : Shapes{{2, 3}});
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 40);
}

TEST(Operation, WhereChoosesAndComparisonsHaveNoGradient) {
  const Layer chosen = layer_of({}, [](const std::vector<Expression>& x) {
    return where(less(x[0], constant_as(x[0], 0.2)), square(x[0]), exp(x[0]));
  });
  expect_good(chosen, {{5}});
  const std::vector<std::vector<float>> x = {{-1, 0, 2}};
  const auto list = [&](OperationOptions options) { return computed(std::move(options), x); };
  EXPECT_THAT(list({.function = "less", .right = 0.0}), ::testing::ElementsAre(1, 0, 0));
  EXPECT_THAT(list({.function = "less_equal", .right = 0.0}), ::testing::ElementsAre(1, 1, 0));
  EXPECT_THAT(list({.function = "greater", .right = 0.0}), ::testing::ElementsAre(0, 0, 1));
  EXPECT_THAT(list({.function = "greater_equal", .left = 0.0}), ::testing::ElementsAre(1, 1, 0));
  EXPECT_THAT(list({.function = "where", .left = 5.0, .right = 7.0}),
              ::testing::ElementsAre(5, 7, 5));
}

TEST(Operation, WeightsAreBroadcastAsInNumPy) {
  for (const Shape& weight : {Shape{}, Shape{3}, Shape{1}, Shape{2, 3}, Shape{2, 1}, Shape{1, 3},
                              Shape{1, 2, 3}, Shape{1, 1, 1}, Shape{1, 2, 1}}) {
    SCOPED_TRACE(weight.str());
    for (const auto& f : std::vector<FunctionLayer::Function>{
             [](const auto& x) { return x[0] * x[1]; }, [](const auto& x) { return x[1] - x[0]; },
             [](const auto& x) { return x[0] / (square(x[1]) + 0.5); }}) {
      expect_good(layer_of({weight}, f), {{2, 3}});
    }
  }
  // Of inputs, both sides may be repeated.
  expect_good(Operation({.function = "multiply"}), {{2, 1}, {1, 3}});
  expect_good(Operation({.function = "add"}), {{2, 1, 3}, {2, 4, 1}});
  const Layer both = layer_of({{2, 1}, {3}}, [](const auto& x) { return x[0] * (x[1] * x[2]); });
  expect_good(both, {{2, 3}});
}

TEST(Operation, SumsOfWeightsHaveGradients) {
  const auto normalized = [](const std::vector<Expression>& x) {
    const Expression norm = sqrt(sum(square(x[1]), {0}, true) + 1e-3);
    return matmul(x[0], x[1] / norm);
  };
  expect_good(layer_of({{4, 3}}, normalized), {{4}});
  expect_good(layer_of({{4, 3}}, [](const auto& x) { return x[0] * mean(square(x[1])); }), {{4}});
}

TEST(Operation, AProductWithABiasIsDense) {
  const std::vector<std::vector<float>> x = {{1.5F, -2, 0.25F}, {0.5F, 3, -1}};
  const auto linear = [](const std::vector<Expression>& v) { return v[2] + matmul(v[0], v[1]); };
  Sequential own({Input({3}), layer_of({{3, 4}, {4}}, linear)});
  Sequential dense({Input({3}), Dense({.units = 4})});
  own.set_weight("function_layer/w0", dense.weights()[0].second);
  own.set_weight("function_layer/w1", dense.weights()[1].second);
  EXPECT_EQ(std::memcmp(own.predict(x).data(), dense.predict(x).data(), 8 * sizeof(float)), 0);
  expect_good(layer_of({{3, 4}, {4}}, linear), {{3}});
  // The product alone stays what it is.
  expect_good(layer_of({{3, 4}, {4}},
                       [](const auto& v) {
                         const Expression product = matmul(v[0], v[1]);
                         return product * (product + v[2]);
                       }),
              {{3}});
}

TEST(Operation, QuotientsAreRoundedOnce) {
  const std::vector<std::vector<float>> x = {{1, 2, 5, 7, 0.1F}};
  const auto thirds = computed({.function = "divide", .right = 3.0}, x);
  const auto inverse = computed({.function = "divide", .left = 1.0}, x);
  for (size_t i = 0; i < x[0].size(); ++i) {
    EXPECT_EQ(thirds[i], x[0][i] / 3.0F);
    EXPECT_EQ(inverse[i], 1.0F / x[0][i]);
  }
}

TEST(Operation, SumsAndMeansAreThoseOfDouble) {
  std::vector<float> row;
  double sum = 0;
  for (int i = 0; i < 60; ++i) {
    row.push_back(static_cast<float>(i * i % 17 - 7) / 8);
    sum += row.back();
  }
  EXPECT_EQ(computed({.function = "sum", .axis = {-1}}, {row})[0], sum);
  EXPECT_NEAR(computed({.function = "mean", .axis = {-1}}, {row})[0], sum / 60, 1e-7);
}

TEST(Operation, SoftmaxRunsAlongEveryAxisOfASample) {
  const Input x({2, 3, 4});
  Tensor data(Shape{5, 2, 3, 4});
  int64_t next = 0;
  for (float& each : data.span<float>()) each = static_cast<float>(next++ * 7 % 11) / 4;
  for (const int64_t axis : {1, 2, 3}) {
    SCOPED_TRACE(axis);
    const int64_t extent = axis + 1;
    const int64_t inner = axis == 1 ? 12 : axis == 2 ? 4 : 1;
    for (const char* function : {"softmax", "log_softmax"}) {
      const Model model(x, Operation({.function = function, .axis = {axis - 4}})(x));
      const Tensor y = model.predict(data);
      for (int64_t i = 0; i < data.size(); ++i) {
        const int64_t first = i - i / inner % extent * inner;
        double sum = 0;
        for (int64_t j = 0; j < extent; ++j) sum += std::exp(data.view().at(first + j * inner));
        const double probability = std::exp(data.view().at(i)) / sum;
        const bool is_log = std::string_view(function) == "log_softmax";
        EXPECT_NEAR(y.view().at(i), is_log ? std::log(probability) : probability, 1e-6) << i;
      }
    }
  }
  for (const int64_t axis : {1, 2, -2, -3}) {
    expect_good(Softmax({.axis = axis}), {{2, 3, 4}});
  }
}

TEST(Operation, MistakesAreErrors) {
  const auto error_of = [](const std::function<void()>& f) -> std::string {
    try {
      f();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  const Input x({4});
  const Input y({3});
  EXPECT_THAT(error_of([&] { Operation({.function = "sqare"})(x); }),
              AllOf(HasSubstr("sqare"), HasSubstr("square")));
  EXPECT_THAT(error_of([&] { Operation({.function = "mean", .axis = {0}})(x); }),
              AllOf(HasSubstr("mean"), HasSubstr("each sample is computed by itself")));
  EXPECT_THAT(error_of([&] { Operation({.function = "sum", .axis = {2}})(x); }),
              HasSubstr("(None, 4)"));
  EXPECT_THAT(error_of([&] { Operation({.function = "softmax", .axis = {0}})(x); }),
              AllOf(HasSubstr("softmax"), HasSubstr("each sample is computed by itself")));
  EXPECT_THAT(error_of([&] { Softmax({.axis = 0})(x); }),
              HasSubstr("an axis of a sample of (None, 4), got 0"));
  EXPECT_THAT(error_of([&] {
                Operation({.function = "add"})({x, y});
              }),
              AllOf(HasSubstr("(None, 4) and (None, 3)"), HasSubstr("keepdims")));
  EXPECT_THAT(error_of([&] {
                Operation({.function = "add"})({x, x, x});
              }),
              HasSubstr("number of inputs"));
  EXPECT_THAT(error_of([&] { Operation({.function = "matmul"})({x, y}); }), HasSubstr("weight"));
  EXPECT_THAT(error_of([&] { Operation({.function = "power", .right = 0.3})(x); }),
              HasSubstr("whole number"));
  EXPECT_THAT(error_of([&] { Operation({.function = "clip", .left = 2.0, .right = 1.0})(x); }),
              HasSubstr("least <= most"));
}

TEST(Operation, AModelWithItIsSavedAndLoaded) {
  const Input x({6});
  const Model model(x, Operation({.function = "mean", .axis = {-1}, .keepdims = true})(
                           Operation({.function = "clip", .left = -0.5, .right = 0.5})(x)));
  const std::string path = ::testing::TempDir() + "operation_test.safetensors";
  model.save(path);
  const Model loaded = load_model(path);
  const std::vector<std::vector<float>> data = {{0.1F, 0.9F, -3, 0.25F, 0, 0.5F}};
  EXPECT_EQ(loaded.predict(data).at(0), model.predict(data).at(0));
  std::remove(path.c_str());
}

}  // namespace operation_test
}  // namespace cornu::inline v0
