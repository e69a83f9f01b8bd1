#include "nets.h"

#include <array>
#include <utility>

#include "cornu/activations/activation.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/gaussian_dropout.h"
#include "cornu/layers/gaussian_noise.h"
#include "cornu/layers/layer_normalization.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/operation.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/reshape.h"
#include "cornu/layers/softmax.h"
#include "cornu/optimizers/adam.h"
#include "cornu/optimizers/rmsprop.h"
#include "cornu/optimizers/sgd.h"
#include "cornu/regularizers/l1_l2.h"
#include "cornu/testing/samples_test.h"

namespace {

using cornu::Activation;
using cornu::Dataset;
using cornu::Dense;
using cornu::Dropout;
using cornu::Input;
using cornu::Shape;
using cornu::Tensor;

Tensor labels() {
  Tensor y(Shape{kSamples}, cornu::DType::uint8);
  for (int64_t i = 0; i < kSamples; ++i) {
    y.span<uint8_t>()[static_cast<size_t>(i)] = static_cast<uint8_t>(i * 7 % kClasses);
  }
  return y;
}

// Bytes, most of them 0 (one column in five always), as in pictures of digits.
Dataset bytes(int64_t columns) {
  Tensor x(Shape{kSamples, columns}, cornu::DType::uint8);
  for (int64_t i = 0; i < kSamples; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      const bool lit = j % 5 != 3 && (i * 7 + j * j * 3 + i % kClasses * j) % 4 == 0;
      x.span<uint8_t>()[static_cast<size_t>(i * columns + j)] =
          static_cast<uint8_t>(lit ? (i * i * 31 + j * 17) % 255 + 1 : 0);
    }
  }
  return Dataset(std::move(x), labels());
}

// Floats of both signs, in steps that are exact in binary.
Dataset floats(int64_t columns) {
  Tensor x(Shape{kSamples, columns}, cornu::DType::float32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] =
        static_cast<float>((i * i * 13 + i * 5) % 257 - 128) / 64;
  }
  return Dataset(std::move(x), labels());
}

// Targets of a loss: probabilities that are exact in binary and add up to 1, or of both signs.
Tensor quarters(bool signs) {
  Tensor y(Shape{kSamples, 4}, cornu::DType::float32);
  for (int64_t i = 0; i < y.size(); ++i) {
    const auto row = static_cast<uint64_t>(i / 4);
    const auto column = static_cast<uint64_t>(i % 4);
    constexpr float kParts[4] = {0.5F, 0.25F, 0.25F, 0};
    const float part = kParts[(row + column) % 4];
    y.span<float>()[static_cast<size_t>(i)] = signs ? part * 4 - 1 : part;
  }
  return y;
}

std::unique_ptr<cornu::Model> sequential(int64_t columns, std::vector<cornu::Layer> layers) {
  layers.insert(layers.begin(), Input({columns}));
  return std::make_unique<cornu::Sequential>(std::move(layers));
}

std::vector<Net> dense_nets() {
  std::vector<Net> nets;
  nets.push_back(
      {bytes(83).divide(255).to_categorical(kClasses),
       sequential(83, {Dense({.units = 70, .activation = "sigmoid"}), Dropout({.rate = 0.3F}),
                       Dense({.units = 17, .activation = "relu"}),
                       Dense({.units = 9, .activation = "tanh"}),
                       Dense({.units = kClasses, .activation = "softmax"})}),
       {.optimizer = "adam", .loss = "categorical_crossentropy"}});
  // A softmax within the network, and a loss of bare probabilities.
  nets.push_back(
      {floats(12).to_categorical(kClasses),
       sequential(12, {Dense({.units = 33, .activation = "relu"}), Dropout({.rate = 0.5F}),
                       Dense({.units = 7, .activation = "softmax"}),
                       Dense({.units = 6, .use_bias = false}),
                       Dense({.units = kClasses, .activation = "sigmoid"})}),
       {.optimizer = cornu::make_optimizer(
            "sgd", {{"learning_rate", 0.1}, {"momentum", 0.9}, {"nesterov", true}}),
        .loss = "categorical_crossentropy"}});
  nets.push_back({bytes(20),
                  sequential(20, {Dense({.units = 16, .activation = "tanh"}), Activation("relu"),
                                  Dense({.units = kClasses, .activation = "sigmoid"})}),
                  {.optimizer = "sgd", .loss = "sparse_categorical_crossentropy"}});
  return nets;
}

// One network per function: fused into a product, and in a separate layer.
std::vector<Net> activation_nets() {
  std::vector<Net> nets;
  for (const cornu::ActivationEntry& entry : cornu::activation_table()) {
    nets.push_back({floats(12),
                    sequential(12, {Dense({.units = 19, .activation = entry.name}),
                                    Dropout({.rate = 0.2F}), Activation(entry.name),
                                    Dense({.units = kClasses, .activation = "softmax"})}),
                    {.loss = "sparse_categorical_crossentropy"},
                    std::string(entry.name)});
  }
  return nets;
}

// One network per loss: outputs in (0, 1); labels for the sparse cross-entropy, targets of both
// signs for the hinges, probabilities for the others.
std::vector<Net> loss_nets() {
  std::vector<Net> nets;
  for (const cornu::LossEntry& entry : cornu::loss_table()) {
    const cornu::Loss loss = entry.make({});
    const bool classes = entry.name == "sparse_categorical_crossentropy";
    const bool signs = entry.name == "hinge" || entry.name == "squared_hinge";
    Dataset data = floats(12);
    if (!classes) data = Dataset(Tensor(data.x()), quarters(signs));
    nets.push_back(
        {std::move(data),
         sequential(12, {Dense({.units = 19, .activation = "tanh"}),
                         Dense({.units = classes ? kClasses : 4, .activation = "sigmoid"})}),
         {.loss = loss},
         std::string(entry.name)});
  }
  return nets;
}

// Two branches from one input that meet in every layer that joins tensors; one layer is used twice.
std::vector<Net> functional_nets() {
  const Input x({12});
  const Dense shared({.units = 9, .activation = "tanh"});
  const auto a = shared(x);
  const auto b = Dense({.units = 9, .activation = "sigmoid"})(x);
  const auto c = shared(Dense({.units = 12, .activation = "gelu"})(x));
  const auto joined = cornu::Concatenate()({cornu::Add()({a, b, c}), cornu::Subtract()({a, b}),
                                            cornu::Multiply()({b, c}), cornu::Average()({a, c}),
                                            cornu::Maximum()({a, b, c}), cornu::Minimum()({b, a})});
  const auto y = Dense({.units = kClasses, .activation = "softmax"})(joined);
  std::vector<Net> nets;
  nets.push_back(
      {floats(12),
       std::make_unique<cornu::Model>(cornu::SymbolicTensors{x}, cornu::SymbolicTensors{y}),
       {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

/// A loss that ops compute from two others: half the squared error and the absolute one.
class MixedLoss final : public cornu::LossDescription {
 public:
  std::string_view name() const override { return "mixed"; }
  void check(const cornu::Field& target, const Shape& y_pred) const override {
    squared_->check(target, y_pred);
  }
  cornu::SlotId lower(cornu::Builder& b, cornu::SlotId y_true,
                      cornu::SlotId y_pred) const override {
    const cornu::SlotId squared = squared_->lower(b, y_true, y_pred);
    const cornu::SlotId half = b.emit_one(cornu::ops::Affine{.scale = 0.5}, {squared});
    return b.emit_one(cornu::ops::Combine{cornu::ops::Combination::add},
                      {half, absolute_->lower(b, y_true, y_pred)});
  }

 private:
  cornu::Loss squared_ = "mse";
  cornu::Loss absolute_ = "mae";
};

// Two inputs and two outputs, losses with weights, samples with weights for each target.
std::vector<Net> weighted_nets() {
  const Input a({12});
  const Input b({20});
  const Dense shared({.units = 9, .activation = "tanh"});
  const auto joined = cornu::Concatenate()(
      {shared(Dense({.units = 7})(a)), shared(Dense({.units = 7, .activation = "relu"})(b))});
  const auto label = Dense({.units = kClasses, .activation = "softmax", .name = "label"})(joined);
  const auto number = Dense({.units = 4, .name = "number"})(joined);
  const Dataset first = floats(12);
  const Dataset second = bytes(20);
  std::vector<Tensor> weights(2, Tensor(Shape{kSamples}));
  for (int64_t i = 0; i < kSamples; ++i) {
    weights[0].span<float>()[static_cast<size_t>(i)] = static_cast<float>(i * 5 % 7) / 4;
    weights[1].span<float>()[static_cast<size_t>(i)] = static_cast<float>(i * 3 % 5) / 2;
  }
  std::vector<Tensor> x = {Tensor(first.x()), Tensor(second.x())};
  std::vector<Tensor> y = {labels(), quarters(true)};
  std::vector<Net> nets;
  nets.push_back({Dataset(std::move(x), std::move(y)).divide(255, 1).weighted(std::move(weights)),
                  std::make_unique<cornu::Model>(cornu::SymbolicTensors{a, b},
                                                 cornu::SymbolicTensors{label, number}),
                  {.losses = {{"label", "sparse_categorical_crossentropy"},
                              {"number", cornu::Loss(std::make_shared<MixedLoss>())}},
                   .loss_weights = {{"number", 0.3}}}});
  return nets;
}

// Layers with statistics and weights; one of the normalizations does not train.
std::vector<Net> layer_nets() {
  using cornu::BatchNormalization;
  std::vector<Net> nets;
  nets.push_back(
      {floats(12),
       sequential(12, {Dense({.units = 70}), BatchNormalization({.momentum = 0.9}),
                       Activation("relu"), Dense({.units = 19}), cornu::LayerNormalization(),
                       cornu::PReLU(), BatchNormalization({.trainable = false}),
                       Dense({.units = kClasses, .activation = "softmax"})}),
       {.loss = "sparse_categorical_crossentropy"}});
  // Samples of several rows: slopes shared by them, statistics of columns over all of them.
  nets.push_back(
      {floats(12),
       sequential(
           12, {Dense({.units = 57}), cornu::Reshape({3, 19}), cornu::PReLU({.shared_axes = {1}}),
                BatchNormalization({.momentum = 0.5}), cornu::LayerNormalization({.scale = false}),
                cornu::Flatten(), Dense({.units = kClasses, .activation = "softmax"})}),
       {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

/// y = x² · w for a weight of each unit, written by hand: only +, − and ·, which are exact
/// everywhere.
struct WeighedSquare {
  static constexpr std::string_view kName = "weighed_square";
  Shape output_shape(std::span<const Shape> in) const { return in[0]; }
  template <class T>
  void forward(const cornu::ops::CustomInputs<T>& in, std::span<T> y) const {
    const size_t units = in[1].size();
    for (size_t i = 0; i < y.size(); ++i) y[i] = in[0][i] * in[0][i] * in[1][i % units];
  }
  template <class T>
  void backward(const cornu::ops::CustomInputs<T>& in, std::span<const T>, std::span<const T> dy,
                size_t input, std::span<T> dx) const {
    const size_t units = in[1].size();
    for (size_t i = 0; i < dy.size(); ++i) {
      const T x = in[0][i];
      if (input == 0) dx[i] += dy[i] * (T{2} * x * in[1][i % units]);
      if (input == 1) dx[i % units] += dy[i] * (x * x);
    }
  }
};

class WeighedSquareDescription final : public cornu::LayerDescription {
 public:
  std::string_view type() const override { return "WeighedSquare"; }
  cornu::Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  std::vector<cornu::WeightSpec> weights(const cornu::Shapes& x) const override {
    return {{.name = "w", .shape = x[0].without_rows(), .initializer = "ones"}};
  }
  cornu::Slots lower(cornu::Builder& b, cornu::Slots x, cornu::Mode) const override {
    return b.emit(cornu::ops::custom(WeighedSquare{}), {x[0], b.weight("w")});
  }

 private:
  std::string name_;
};

std::vector<Net> custom_nets() {
  std::vector<Net> nets;
  nets.push_back({floats(12),
                  sequential(12, {Dense({.units = 33, .activation = "tanh"}),
                                  cornu::Layer(std::make_shared<WeighedSquareDescription>()),
                                  Dense({.units = kClasses, .activation = "softmax"})}),
                  {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

/// y = (x + p) · w + q with weights of other shapes, repeated along the batch and along the
/// columns.
class Broadcasting final : public cornu::LayerDescription {
 public:
  std::string_view type() const override { return "Broadcasting"; }
  cornu::Value::Map config() const override { return {}; }
  const std::string& name() const override { return name_; }
  std::vector<cornu::WeightSpec> weights(const cornu::Shapes& x) const override {
    return {{.name = "p", .shape = {x[0].back()}, .initializer = "zeros"},
            {.name = "w", .shape = {3, 1}, .initializer = "ones"},
            {.name = "q", .shape = {}, .initializer = "zeros"}};
  }
  cornu::Slots lower(cornu::Builder& b, cornu::Slots x, cornu::Mode) const override {
    const auto weight = [&](const char* name) { return cornu::Expression(b, b.weight(name)); };
    const cornu::Expression in(b, x[0]);
    return {((in + weight("p")) * square(weight("w")) + weight("q")).slot()};
  }

 private:
  std::string name_;
};

// Functions of ops/expression.h, as layers and of weights.
std::vector<Net> operation_nets() {
  using cornu::Operation;
  const Input x({12});
  const cornu::SymbolicTensor a = Dense({.units = 9, .activation = "tanh"})(x);
  const cornu::SymbolicTensor b = Dense({.units = 9, .activation = "sigmoid"})(x);
  const cornu::SymbolicTensor mean =
      Operation({.function = "mean", .axis = {-1}, .keepdims = true})(a);
  const cornu::SymbolicTensor above = Operation({.function = "less"})({mean, a});
  const cornu::SymbolicTensor rows = cornu::Reshape({3, 3})(b);
  const cornu::Layer own(std::make_shared<Broadcasting>());
  const auto joined = cornu::Concatenate()(
      {Operation({.function = "divide"})({a, b}), Operation({.function = "subtract"})({a, mean}),
       Operation({.function = "sqrt"})(b), Operation({.function = "log"})(b),
       Operation({.function = "where"})({above, a, b}),
       Operation({.function = "where"})({Operation({.function = "less_equal"})({a, b}), b, a}),
       Operation({.function = "clip", .left = -0.25, .right = 0.5})(a),
       Operation({.function = "sum", .axis = {1}})(rows), cornu::Flatten()(own(rows))});
  const auto y = Dense({.units = kClasses, .activation = "softmax"})(joined);
  std::vector<Net> nets;
  nets.push_back(
      {floats(12),
       std::make_unique<cornu::Model>(cornu::SymbolicTensors{x}, cornu::SymbolicTensors{y}),
       {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

// Samples of four steps with a label each, weighed over the steps.
std::vector<Net> sequence_nets() {
  Dataset data = floats(12);
  Tensor y(Shape{kSamples, 4}, cornu::DType::int32);
  for (int64_t i = 0; i < y.size(); ++i) {
    y.span<int32_t>()[static_cast<size_t>(i)] = static_cast<int32_t>(i * 7 % kClasses);
  }
  std::vector<Net> nets;
  nets.push_back({Dataset(Tensor(data.x()), std::move(y)),
                  sequential(12, {Dense({.units = 28, .activation = "tanh"}),
                                  cornu::Reshape({4, 7}), cornu::Softmax({.axis = 1}),
                                  Dense({.units = kClasses, .activation = "softmax"})}),
                  {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

// Vectors of indices, and weights with regularizers.
std::vector<Net> embedding_nets() {
  Tensor x(Shape{kSamples, 12}, cornu::DType::int32);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<int32_t>()[static_cast<size_t>(i)] = static_cast<int32_t>((i * i * 7 + i * 3) % 41);
  }
  std::vector<Net> nets;
  nets.push_back(
      {Dataset(std::move(x), labels()),
       sequential(12, {cornu::Embedding({.input_dim = 41,
                                         .output_dim = 6,
                                         .embeddings_regularizer = cornu::L1({.l1 = 1e-4})}),
                       cornu::Flatten(),
                       Dense({.units = 33,
                              .activation = "tanh",
                              .kernel_regularizer = cornu::L1L2({.l1 = 1e-4, .l2 = 1e-3}),
                              .bias_regularizer = "l2"}),
                       Dense({.units = kClasses, .activation = "softmax"})}),
       {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

std::vector<Net> noise_nets() {
  std::vector<Net> nets;
  nets.push_back(
      {floats(12),
       sequential(
           12, {cornu::GaussianNoise({.stddev = 0.1}), Dense({.units = 33, .activation = "tanh"}),
                cornu::GaussianDropout({.rate = 0.2}), cornu::GaussianNoise({.stddev = 0.2}),
                Dense({.units = kClasses, .activation = "softmax"})}),
       {.loss = "sparse_categorical_crossentropy"}});
  return nets;
}

// Every optimizer with its defaults, and three with many options.
std::vector<Net> optimizer_nets() {
  std::vector<std::pair<std::string, cornu::Optimizer>> optimizers;
  for (const cornu::OptimizerEntry& entry : cornu::optimizer_table()) {
    optimizers.emplace_back(entry.name, entry.make({}));
  }
  optimizers.emplace_back("adam_with_options",
                          cornu::Adam({.amsgrad = true, .global_clipnorm = 0.5}));
  optimizers.emplace_back(
      "rmsprop_with_options",
      cornu::RMSprop({.momentum = 0.5, .epsilon = 1e-2, .centered = true, .clipvalue = 0.01}));
  optimizers.emplace_back("sgd_with_options", cornu::SGD({.learning_rate = 0.1,
                                                          .momentum = 0.9,
                                                          .weight_decay = 0.1,
                                                          .clipnorm = 0.5,
                                                          .use_ema = true,
                                                          .ema_overwrite_frequency = 7,
                                                          .gradient_accumulation_steps = 3}));
  std::vector<Net> nets;
  for (const auto& [name, optimizer] : optimizers) {
    nets.push_back({floats(12),
                    sequential(12, {Dense({.units = 33, .activation = "tanh"}),
                                    Dense({.units = kClasses, .activation = "softmax"})}),
                    {.optimizer = optimizer, .loss = "sparse_categorical_crossentropy"},
                    name});
  }
  return nets;
}

// Every layer of the table between two Dense, or on the inputs if it takes indices; fewer steps,
// since there are many.
std::vector<Net> each_layer_nets() {
  constexpr int64_t kColumns = 12;
  std::vector<Net> nets;
  for (const cornu::testing::LayerSample& each : cornu::testing::layer_samples()) {
    if (each.layer.type() == Input::kType) continue;  // in every network
    Dataset data = floats(kColumns);
    const Input x({kColumns});
    const auto dense = [](const cornu::SymbolicTensor& from) {
      return Dense({.units = kColumns, .activation = "tanh"})(from);
    };
    cornu::SymbolicTensor y = x;
    if (each.indices > 0) {
      Tensor indices(Shape{kSamples, kColumns}, cornu::DType::int32);
      for (int64_t i = 0; i < indices.size(); ++i) {
        indices.span<int32_t>()[static_cast<size_t>(i)] =
            static_cast<int32_t>((i * i * 5 + i) % each.indices);
      }
      data = Dataset(std::move(indices), labels());
      y = each.layer(x);
    } else if (each.layer.description().takes(2)) {
      y = each.layer({dense(x), dense(x)});
    } else {
      y = each(dense(x));
    }
    y = Dense({.units = kClasses, .activation = "softmax"})(cornu::Flatten()(y));
    nets.push_back(
        {std::move(data),
         std::make_unique<cornu::Model>(cornu::SymbolicTensors{x}, cornu::SymbolicTensors{y}),
         {.loss = "sparse_categorical_crossentropy"},
         std::string(each.layer.type()),
         5});
  }
  return nets;
}

void add_each(std::vector<Group>& all, const std::string& kind, std::vector<Net> nets) {
  for (Net& net : nets) {
    all.push_back({kind + "/" + net.part, {}});
    all.back().nets.push_back(std::move(net));
  }
}

}  // namespace

namespace {

// Networks whose batches are divided into shards, the last of an epoch into more than it has rows.
std::vector<Net> in_shards(std::vector<Net> nets) {
  int next = 0;
  for (Net& net : nets) {
    net.options.shards = std::array{3, 8, 2}[static_cast<size_t>(next++ % 3)];
    net.epochs = 5;
    net.brief_epochs = 1;
  }
  return nets;
}

}  // namespace

std::vector<Group> groups() {
  std::vector<Group> all;
  const auto add = [&all](const std::string& name, const auto& make) {
    all.push_back({name, make()});
    all.push_back({"shards/" + name, in_shards(make())});
  };
  add("dense", dense_nets);
  add_each(all, "activation", activation_nets());
  add_each(all, "loss", loss_nets());
  add_each(all, "optimizer", optimizer_nets());
  add_each(all, "layer", each_layer_nets());
  add("images", [] { return image_nets(floats(12)); });
  add("parts", [] { return part_nets(floats(12)); });
  add("convolutions", [] { return convolution_nets(floats(12), bytes(72)); });
  add("depthwise", [] { return depthwise_nets(floats(12), bytes(72)); });
  add("functional", functional_nets);
  add("layers", layer_nets);
  add("custom", custom_nets);
  add("embedding", embedding_nets);
  all.push_back({"noise", noise_nets()});
  add("operations", operation_nets);
  add("sequences", sequence_nets);
  add("weighted", weighted_nets);
  return all;
}
