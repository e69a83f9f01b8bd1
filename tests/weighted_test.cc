// Sample and class weights, also together, in training, validation and evaluate, compared with
// Keras: tests/goldens/make_weighted.py.

#include <gtest/gtest.h>

#include <cstring>

#include "cornu/cornu.h"
#include "golden_files.h"
#include "parts/lowered.h"

namespace cornu::inline v0 {
namespace weighted_test {

Sequential first_model(const formats::Safetensors& keras) {
  Sequential model({Input({3}), Dense({.units = 4, .activation = "tanh"}),
                    Dense({.units = 3, .activation = "softmax"})});
  for (const auto& [name, value] : model.weights()) {
    model.set_weight(name, as_float(golden_tensor(keras, "first/" + name)));
  }
  model.compile({.optimizer = SGD({.learning_rate = 0.5}),
                 .loss = "categorical_crossentropy",
                 .metrics = {"accuracy"},
                 .weighted_metrics = {CategoricalAccuracy({.name = "weighted"}), "auc"}});
  return model;
}

TEST(Weighted, SamplesAndClassesWeighAsInKeras) {
  const formats::Safetensors keras = golden("weighted");
  const auto data = [&](const std::string& prefix) {
    return Dataset(as_float(golden_tensor(keras, prefix + "x")),
                   Tensor(golden_tensor(keras, prefix + "y")))
        .to_categorical(3);
  };
  const Tensor w = as_float(golden_tensor(keras, "w"));
  const Tensor val_w = as_float(golden_tensor(keras, "val_w"));
  const ClassWeight by_class = {{0, 0.5}, {2, 3}};
  int cases = 0;
  for (const std::string name : {"sample", "class", "both"}) {
    SCOPED_TRACE(name);
    const bool samples = name != "class";
    const bool classes = name != "sample";
    Sequential model = first_model(keras);
    const Dataset validation = samples ? data("val_").weighted(val_w) : data("val_");
    const History history =
        model.fit(data(""), {.batch_size = 4,
                             .epochs = 3,
                             .verbose = 0,
                             .validation_data = validation,
                             .shuffle = false,
                             .sample_weight = samples ? w : Tensor(),
                             .class_weight = classes ? by_class : ClassWeight()});
    for (const char* log : {"loss", "accuracy", "weighted", "auc", "val_loss", "val_accuracy",
                            "val_weighted", "val_auc"}) {
      const TensorView expected = golden_tensor(keras, name + "/logs/" + log);
      ASSERT_EQ(expected.size(), 3) << log;
      for (int64_t epoch = 0; epoch < 3; ++epoch) {
        EXPECT_NEAR(history[log][static_cast<size_t>(epoch)], expected.at(epoch), 2e-6) << log;
      }
    }
    for (const auto& [weight, value] : model.weights()) {
      const TensorView expected = golden_tensor(keras, name + "/" + weight);
      for (int64_t i = 0; i < value.size(); ++i) {
        EXPECT_NEAR(value.at(i), expected.at(i), 4e-6) << weight;
      }
    }
    // evaluate and test_on_batch use weights in the same way as validation.
    const Logs logs =
        model.evaluate(data("val_"), {.sample_weight = samples ? val_w : Tensor(),
                                      .class_weight = classes ? by_class : ClassWeight()});
    EXPECT_EQ(logs["loss"], history.last()["val_loss"]);
    EXPECT_EQ(logs["weighted"], history.last()["val_weighted"]);
    const Logs tested =
        model.test_on_batch(validation, {.class_weight = classes ? by_class : ClassWeight()});
    EXPECT_EQ(tested["loss"], logs["loss"]);
    ++cases;
  }
  EXPECT_EQ(cases, 3);
}

TEST(Weighted, StepsThroughTheDataAndStreamsTrainAlike) {
  const formats::Safetensors keras = golden("weighted");
  const Dataset data =
      Dataset(as_float(golden_tensor(keras, "x")), Tensor(golden_tensor(keras, "y")))
          .to_categorical(3)
          .weighted(as_float(golden_tensor(keras, "w")));
  // A stream of the same samples that can be rewound.
  class Rows final : public Stream {
   public:
    explicit Rows(Dataset of) : data_(std::move(of)) {}
    Spec spec() const override { return data_.spec(); }
    int64_t next(Batch& batch, int64_t capacity) override {
      std::vector<uint64_t> ids;
      while (at_ < data_.size() && std::ssize(ids) < capacity) {
        ids.push_back(static_cast<uint64_t>(at_++));
      }
      data_.fill(ids, 0, batch);
      return std::ssize(ids);
    }
    bool rewind() override {
      at_ = 0;
      return true;
    }

   private:
    Dataset data_;
    int64_t at_ = 0;
  };
  Sequential at_once = first_model(keras);
  Sequential streamed = first_model(keras);
  Sequential in_parts = first_model(keras);
  Sequential by_hand = first_model(keras);
  const FitOptions options = {.batch_size = 4, .epochs = 2, .verbose = 0, .shuffle = false};
  const History history = at_once.fit(data, options);
  Rows rows(data);
  const History stream_history = streamed.fit(rows, options);
  EXPECT_EQ(stream_history["loss"], history["loss"]);
  // An epoch of one step begins where the one before it ended: six of them are two passes.
  FitOptions parts = options;
  parts.epochs = 8;
  parts.initial_epoch = 2;
  parts.steps_per_epoch = 1;
  const History part_history = in_parts.fit(data, parts);
  EXPECT_EQ(part_history.epochs.front().epoch, 2);
  EXPECT_EQ(part_history.epochs.size(), 6U);
  const int64_t bounds[] = {0, 4, 8, 10};
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = 0; i < 3; ++i) {
      const Logs logs = by_hand.train_on_batch(data.rows(bounds[i], bounds[i + 1]));
      const double before = part_history["loss"][static_cast<size_t>(3 * pass + i)];
      EXPECT_EQ(logs["loss"], before);
    }
  }
  for (size_t i = 0; i < at_once.weights().size(); ++i) {
    const auto same = [&](const Model& other) {
      const TensorView a = at_once.weights()[i].second;
      return std::memcmp(a.data(), other.weights()[i].second.data(), a.nbytes()) == 0;
    };
    EXPECT_TRUE(same(streamed));
    EXPECT_TRUE(same(in_parts));
    EXPECT_TRUE(same(by_hand));
  }
}

TEST(Weighted, ValidatesEveryNEpochs) {
  const formats::Safetensors keras = golden("weighted");
  const Dataset data =
      Dataset(as_float(golden_tensor(keras, "x")), Tensor(golden_tensor(keras, "y")))
          .to_categorical(3);
  Sequential model = first_model(keras);
  const History history =
      model.fit(data, {.epochs = 5, .verbose = 0, .validation_data = data, .validation_freq = 2});
  EXPECT_EQ(history["val_loss"].size(), 2U);
  EXPECT_EQ(history["loss"].size(), 5U);
  EXPECT_THROW(model.fit(data, {.validation_freq = 0}), Error);
  EXPECT_THROW(model.fit(data, {.sample_weight = Tensor(Shape{3})}), Error);
  EXPECT_THROW(model.fit(data, {.class_weight = {{0, -1}}}), Error);
}

// Metrics and weights given for one output apply to that output alone.
TEST(Weighted, MetricsOfAnOutputCountByItsWeights) {
  const Input x({1});
  Model model({x},
              {Rescaling({.scale = 1, .name = "a"})(x), Rescaling({.scale = 2, .name = "b"})(x)});
  model.compile(
      {.loss = "mse",
       .output_metrics = {{"b", {"mae"}}},
       .output_weighted_metrics = {{"b", {metrics::MeanAbsoluteError({.name = "by_weight"})}}}});
  const auto column = [](float first, float second, Shape shape = {2, 1}) {
    Tensor values(shape);
    values.span<float>()[0] = first;
    values.span<float>()[1] = second;
    return values;
  };
  std::vector<Tensor> targets = {column(0, 0), column(0, 0)};
  std::vector<Tensor> weights = {column(1, 1, {2}), column(3, 1, {2})};
  const Logs logs =
      model.evaluate(Dataset({column(1, 5)}, std::move(targets)).weighted(std::move(weights)));
  EXPECT_EQ(logs["b_mae"], (2 + 10) / 2.0);
  EXPECT_EQ(logs["b_by_weight"], (3 * 2 + 10) / 4.0);
  EXPECT_EQ(logs.find("a_mae"), nullptr);
  EXPECT_EQ(logs.find("a_by_weight"), nullptr);
}

}  // namespace weighted_test
}  // namespace cornu::inline v0
