#include "cornu/testing/check.h"

#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "cornu/testing/samples_test.h"

namespace cornu::inline v0::testing {
namespace check_test {

void expect_good(const CheckResult& result) {
  EXPECT_TRUE(result.ok) << result.log;
  EXPECT_GT(result.entries, 0);
}

TEST(CheckLayer, DenseWithEveryActivationIsRight) {
  for (const ActivationEntry& entry : activation_table()) {
    SCOPED_TRACE(entry.name);
    expect_good(check_layer(Dense({.units = 5, .activation = entry.name}), {7}));
    expect_good(
        check_layer(Dense({.units = 17, .activation = entry.name, .use_bias = false}), {3}));
    expect_good(check_layer(Dense({.units = 4, .activation = entry.name}), {2, 3}));
  }
}

TEST(CheckLayer, ActivationFlattenAndDropoutAreRight) {
  for (const ActivationEntry& entry : activation_table()) {
    if (entry.name == "linear") continue;  // passes its input through: there is no op to check
    SCOPED_TRACE(entry.name);
    expect_good(check_layer(ActivationLayer({.activation = entry.name}), {6}));
  }
  expect_good(check_layer(Dropout({.rate = 0.4F}), {20}));
  expect_good(check_layer(Dropout({.rate = 0.25F}), {3, 5}));
}

TEST(CheckLayer, EveryLayerOfTheTableIsRight) {
  for (const LayerSample& each : layer_samples()) {
    if (!each.computes) continue;  // passes its input through: there is no op to check
    SCOPED_TRACE(each.layer.type());
    CheckOptions options = {.indices = each.indices, .row_by_row = each.row_by_row};
    if (!each.row_by_row) options.rows = 5;  // a mean and a variance need more than three rows
    expect_good(check_layer(each.layer, each.samples, options));
  }
}

TEST(CheckLayer, LayersWithOptionsAreRight) {
  const auto check = [](const Layer& layer, const Shape& sample) {
    SCOPED_TRACE(std::string(layer.type()) + " on " + sample.str());
    expect_good(check_layer(layer, sample));
  };
  check(ReLU({.negative_slope = 0.25}), {5});
  check(PReLU({.shared_axes = {1}}), {2, 3});
  check(PReLU({.shared_axes = {2}}), {2, 3});
  check(PReLU({.shared_axes = {1, 2}}), {2, 3});
  check(PReLU({.shared_axes = {2}}), {2, 3, 2});
  check(PReLU({.shared_axes = {1, 3}}), {2, 3, 2});
  check(ELU({.alpha = 0.5}), {5});
  check(ActivationLayer({.activation = "gelu"}), {5});
  check(GaussianNoise({.stddev = 0.5}), {20});
  expect_good(check_layer(Concatenate(), Shapes{{2, 5}, {2, 3}}));
  // Parts so wide that a plan makes views of them.
  expect_good(check_layer(Concatenate(), Shapes{{150}, {130}}));
  check(Conv2D(4, 3), {5, 6, 3});
  check(Conv2D({.filters = 18, .kernel_size = {2, 3}, .strides = {2}, .padding = "same"}),
        {5, 6, 2});
  check(Conv2D({.filters = 4, .kernel_size = {2}, .strides = {3}}), {7, 6, 2});
  check(Conv2D({.filters = 6, .kernel_size = {3}, .dilation_rate = {2, 1}, .groups = 3}),
        {6, 4, 6});
  check(Conv2D({.filters = 4, .kernel_size = {1}, .groups = 2, .use_bias = false}), {2, 3, 4});
  check(Conv2D({.filters = 3, .kernel_size = {2}, .data_format = "channels_first"}), {4, 3, 3});
  check(Conv1D({.filters = 3, .kernel_size = {3}, .padding = "causal", .dilation_rate = {2}}),
        {6, 2});
  check(DepthwiseConv2D(3), {5, 6, 19});
  check(DepthwiseConv2D({2, 3}, {2, 2}, "same"), {5, 6, 3});
  check(DepthwiseConv2D({.kernel_size = {2}, .strides = {3}, .depth_multiplier = 3}), {7, 6, 2});
  check(DepthwiseConv2D({.kernel_size = {3, 2}, .dilation_rate = {2, 1}, .use_bias = false}),
        {6, 4, 6});
  check(DepthwiseConv2D({.kernel_size = {2},
                         .depth_multiplier = 2,
                         .data_format = "channels_first",
                         .activation = "tanh"}),
        {4, 3, 3});
  check(MaxPooling2D(3, {1}), {5, 4, 19});
  check(MaxPooling2D(2, {3}), {6, 5, 3});
  check(MaxPooling2D({.data_format = "channels_first"}), {3, 4, 4});
  check(AveragePooling2D({2, 3}, {1, 2}, "same"), {4, 5, 3});
  check(AveragePooling1D({.strides = {1}, .data_format = "channels_first"}), {3, 6});
  check(GlobalMaxPooling2D({.data_format = "channels_first", .keepdims = true}), {3, 17, 18});
  check(ZeroPadding2D({.padding = {0, 2, 1, 0}, .data_format = "channels_first"}), {2, 3, 4});
  check(Cropping2D({.cropping = {0, 2, 1, 0}}), {4, 3, 5});
  check(UpSampling2D({3, 2}), {2, 3, 5});
  check(Permute({3, 1, 2}), {2, 3, 4});
  check(Permute({1, 4, 3, 2}), {2, 3, 2, 2});
  for (const int64_t axis : {1, 2}) {
    expect_good(check_layer(BatchNormalization({.axis = axis}), {2, 3, 4},
                            {.rows = 5, .row_by_row = false}));
  }
}

TEST(CheckGradients, PenaltiesOfWeightsAreDerived) {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({5})};
  at = graph.add(Dense({.units = 4,
                        .activation = "tanh",
                        .kernel_regularizer = L1L2(0.1, 0.2),
                        .bias_regularizer = "l2"}),
                 at);
  graph.set_outputs(at);
  graph.build(0);
  expect_good(check_gradients(graph, "mse", Field{{4}, {}}));
}

CheckResult check_loss(const Loss& loss, std::string_view hidden, std::string_view last,
                       const CheckOptions& options = {}) {
  Graph graph;
  auto at = std::vector<int>{graph.add_input({2, 3})};
  at = graph.add(Flatten(), at);
  at = graph.add(Dense({.units = 8, .activation = hidden}), at);
  at = graph.add(Dense({.units = 4, .activation = last}), at);
  graph.set_outputs(at);
  graph.build(0);
  const bool sparse = loss->name().starts_with("sparse");
  const Field target = sparse ? Field{Shape{}, {.dtype = DType::uint8}} : Field{{4}, {}};
  return check_gradients(graph, loss, target, options);
}

TEST(CheckGradients, EveryActivationUnderCrossentropiesIsRight) {
  int cases = 0;
  for (const char* loss : {"categorical_crossentropy", "sparse_categorical_crossentropy"}) {
    for (const ActivationEntry& hidden : activation_table()) {
      for (const char* last : {"softmax", "sigmoid"}) {
        SCOPED_TRACE(std::string(loss) + ", " + std::string(hidden.name) + ", " + last);
        expect_good(check_loss(loss, hidden.name, last));
        ++cases;
      }
    }
  }
  EXPECT_EQ(cases, static_cast<int>(4 * activation_table().size()));
}

TEST(CheckGradients, EveryLossIsRight) {
  int cases = 0;
  for (const LossEntry& entry : loss_table()) {
    for (const char* last : {"softmax", "sigmoid"}) {
      // Targets of 0 make its slopes equal, and softmax cancels those.
      const bool cancels = entry.name == "mean_absolute_percentage_error";
      if (cancels && std::string_view(last) == "softmax") continue;
      SCOPED_TRACE(std::string(entry.name) + ", " + last);
      // Small weights keep outputs off 0 and 1, where float32 has few digits left.
      expect_good(check_loss(entry.make({}), "tanh", last, {.largest = 0.8}));
      ++cases;
    }
  }
  EXPECT_EQ(cases, 2 * static_cast<int>(loss_table().size()) - 1);
}

TEST(CheckGradients, ASharedLayerCollectsBothContributions) {
  Graph graph;
  const Dense shared({.units = 5, .activation = "tanh"});
  auto at = std::vector<int>{graph.add_input({5})};
  at = graph.add(shared, at);
  at = graph.add(shared, at);
  at = graph.add(Dense({.units = 3, .activation = "softmax"}), at);
  graph.set_outputs(at);
  graph.build(0);
  EXPECT_EQ(graph.weights().size(), 4U);
  expect_good(check_gradients(graph, CategoricalCrossentropy(), Field{{3}, {}}));
}

class WrongShape final : public LayerDescription {
 public:
  std::string_view type() const override { return "WrongShape"; }
  Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  Shapes output_shapes(const Shapes&, const std::string&) const override { return {{kRows, 99}}; }
  Slots lower(Builder& b, Slots x, Mode) const override { return {b.emit_one(ops::Softmax{}, x)}; }

 private:
  std::string name_ = "wrong";
};

TEST(CheckLayer, FindsAWrongShape) {
  const CheckResult result = check_layer(Layer(std::make_shared<WrongShape>()), {4});
  EXPECT_FALSE(result.ok);
  EXPECT_NE(result.log.find("promised (None, 99), made in training (None, 4)"), std::string::npos)
      << result.log;
}

/// Its input twice in training.
class OtherInTraining final : public LayerDescription {
 public:
  std::string_view type() const override { return "OtherInTraining"; }
  Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  Slots lower(Builder& b, Slots x, Mode mode) const override {
    if (mode != Mode::training) return x;
    return {b.emit_one(ops::Concatenate{1}, {x[0], x[0]})};
  }

 private:
  std::string name_ = "other";
};

TEST(CheckLayer, FindsOtherShapesInTraining) {
  const CheckResult result = check_layer(Layer(std::make_shared<OtherInTraining>()), {4});
  EXPECT_FALSE(result.ok);
  EXPECT_NE(result.log.find("promised (None, 4), made in training (None, 8)"), std::string::npos)
      << result.log;
}

/// y = s·x², s a weight, with a gradient that may be wrong on purpose.
struct ScaledSquare {
  int fault = 0;  // 1: a sign of dx, 2: of ds, 3: ds of the first row alone
  static constexpr std::string_view kName = "scaled_square";
  Shape output_shape(std::span<const Shape> in) const { return in[0]; }
  template <class T>
  void forward(const ops::CustomInputs<T>& in, std::span<T> y) const {
    for (size_t i = 0; i < y.size(); ++i) y[i] = in[1][0] * in[0][i] * in[0][i];
  }
  template <class T>
  void backward(const ops::CustomInputs<T>& in, std::span<const T>, std::span<const T> dy,
                size_t input, std::span<T> dx) const {
    const size_t width = dy.size() / static_cast<size_t>(in.rows);
    for (size_t i = 0; i < dy.size(); ++i) {
      if (input == 0) dx[i] += (fault == 1 ? -dy[i] : dy[i]) * (2 * in[1][0] * in[0][i]);
      if (input == 0 || (fault == 3 && i >= width)) continue;
      dx[0] += (fault == 2 ? -dy[i] : dy[i]) * in[0][i] * in[0][i];
    }
  }
};

class OwnLayer final : public LayerDescription {
 public:
  explicit OwnLayer(int fault) : fault_(fault) {}
  std::string_view type() const override { return "OwnLayer"; }
  Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  std::vector<WeightSpec> weights(const Shapes&) const override { return {{"s", {1}, "ones"}}; }
  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::custom(ScaledSquare{fault_}), {x[0], b.weight("s")});
  }

 private:
  int fault_;
  std::string name_;
};

TEST(CheckLayer, FindsEachWrongGradientOfAUserDefinedLayer) {
  expect_good(check_layer(Layer(std::make_shared<OwnLayer>(0)), {5}));
  expect_good(check_layer(Layer(std::make_shared<OwnLayer>(0)), {3, 2}, {.rows = 7}));
  for (const int fault : {1, 2, 3}) {
    const CheckResult result = check_layer(Layer(std::make_shared<OwnLayer>(fault)), {5});
    EXPECT_FALSE(result.ok) << fault;
    EXPECT_NE(result.log.find(fault == 1 ? "d x0[" : "d layer/s["), std::string::npos)
        << result.log;
  }
}

TEST(CheckLayer, AUserDefinedOpNeedsAFirstInputOfRows) {
  Builder b;
  b.declare_weight("w", {3}, true);
  const auto says = [&b](const Slots& in) {
    try {
      b.emit(ops::custom(ScaledSquare{}), in);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(says({}), "scaled_square: expected 1 to 8 inputs, got 0.");
  EXPECT_EQ(says({b.weight("w")}),
            "scaled_square: expected a first input with the batch axis, got (3,).");
}

TEST(CheckLayer, RefusesToTrustTinyDerivatives) {
  CheckResult result;
  result.entries = 10;
  result.substantial = 4;
  EXPECT_FALSE(result.trusted());
  result.zeros = 2;
  EXPECT_TRUE(result.trusted());
}

}  // namespace check_test
}  // namespace cornu::inline v0::testing
