// A step allocates nothing, whichever parts the network is made of and trained with.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "cornu/testing/samples_test.h"
#include "watched_fit.h"

namespace cornu::inline v0 {
namespace each_part_test {

Dataset one_hot(int64_t samples) {
  return small_images(samples).to_categorical(10);
}

std::vector<Layer> with_softmax(std::vector<Layer> layers) {
  layers.push_back(Dense({.units = 10, .activation = "softmax"}));
  return layers;
}

template <class Entry>
std::set<std::string> names_of(std::span<const Entry> table, std::string_view Entry::*name) {
  std::set<std::string> names;
  for (const Entry& entry : table) names.emplace(entry.*name);
  return names;
}

TEST(Allocations, AreNoneWithEachActivation) {
  for (const ActivationEntry& entry : activation_table()) {
    SCOPED_TRACE(entry.name);
    expect_none_anywhere({.layers = with_softmax({Dense({.units = 33, .activation = entry.name}),
                                                  ActivationLayer({.activation = entry.name})}),
                          .data = one_hot});
  }
}

TEST(Allocations, AreNoneWithDropout) {
  expect_none_anywhere(
      {.layers = with_softmax(
           {Dropout({.rate = 0.2F}), Dense({.units = 32, .activation = "relu"}), Dropout({})}),
       .data = one_hot});
}

TEST(Allocations, AreNoneWithVectorsOfIndicesAndPenalties) {
  const auto indices = [](int64_t samples) {
    Tensor x(Shape{samples, 6}, DType::int32);
    for (int64_t i = 0; i < x.size(); ++i) {
      x.span<int32_t>()[static_cast<size_t>(i)] = static_cast<int32_t>(i * 7 % 40);
    }
    return Dataset(std::move(x), Tensor(small_images(samples).y())).to_categorical(10);
  };
  expect_none_anywhere({.layers = with_softmax(
                            {Embedding({.input_dim = 40, .output_dim = 8}), Flatten(),
                             Dense({.units = 33, .kernel_regularizer = "l2"}), BatchNormalization(),
                             PReLU(), LayerNormalization(), GaussianNoise({.stddev = 0.1})}),
                        .data = indices});
}

TEST(Allocations, AreNoneWithEachLayer) {
  for (const std::string& type : testing::layer_types()) {
    if (type == Input::kType || type == "Embedding") continue;  // in every network, and above
    SCOPED_TRACE(type);
    const auto network = [&type] {
      const testing::LayerSample sample = testing::layer_sample(type);
      const Layer& layer = sample.layer;
      const Input x({30});
      const SymbolicTensor wide = Dense({.units = 24})(x);
      const SymbolicTensor y =
          layer.description().takes(2) ? layer({wide, Dense({.units = 24})(wide)}) : sample(wide);
      return Model({x}, {Dense({.units = 10, .activation = "softmax"})(Flatten()(y))});
    };
    expect_none_on_threads({.network = network, .data = one_hot});
  }
}

TEST(Allocations, AreNoneWithOptionsOfLayers) {
  expect_none_on_threads(
      {.layers = with_softmax({Dense({.units = 17, .kernel_regularizer = "l1_l2"}),
                               ReLU({.max_value = 3, .negative_slope = 0.1, .threshold = 0.2})}),
       .data = one_hot});
}

TEST(Allocations, AreNoneBetweenSeveralInputsAndOutputs) {
  const auto data = [](int64_t samples) {
    const Dataset a = one_hot(samples);
    return Dataset({a.decoded_x(), a.decoded_x()}, {a.decoded_y(), a.decoded_y()});
  };
  const auto network = [] {
    const Input a({30});
    const Input b({30});
    const Layer shared = Dense({.units = 32, .activation = "relu"});
    const SymbolicTensor both = Concatenate()({shared(a), shared(b)});
    const Layer head = Dense({.units = 10, .activation = "softmax"});
    return Model({a, b}, {head(both),
                          Dense({.units = 10, .activation = "softmax", .name = "second"})(both)});
  };
  expect_none_on_threads({.network = network, .last_output = "second", .data = data});
}

TEST(Allocations, AreNoneWithEachLoss) {
  for (const LossEntry& entry : loss_table()) {
    SCOPED_TRACE(entry.name);
    const bool labels = entry.name == "sparse_categorical_crossentropy";
    for (const std::string activation : {"softmax", "sigmoid"}) {
      expect_none_on_threads({.layers = {Dense({.units = 10, .activation = activation})},
                              .data = labels ? small_images : one_hot,
                              .loss = entry.make({})});
    }
  }
}

TEST(Allocations, AreNoneWithWeightsOfSamplesAndClasses) {
  const auto weighted = [](int64_t samples) {
    Tensor weights(Shape{samples}, DType::float32);
    for (float& weight : weights.span<float>()) weight = 0.5F;
    return one_hot(samples).weighted(std::move(weights));
  };
  Case each = {.layers = with_softmax({}), .data = weighted};
  each.fit.class_weight = {{0, 2.0}, {3, 0.1}};
  expect_none_on_threads(each);
}

// On one thread: with two, the second batch is gathered during the first step, in which a metric
// may allocate memory for its counts.
TEST(Allocations, AreNoneWithEachMetric) {
  for (const MetricEntry& entry : metric_table()) {
    SCOPED_TRACE(entry.name);
    const bool labels = entry.name.starts_with("sparse_");
    expect_none({.layers = with_softmax({}),
                 .data = labels ? small_images : one_hot,
                 .loss = labels ? "sparse_categorical_crossentropy" : "categorical_crossentropy",
                 .metrics = {entry.make({})}});
  }
}

TEST(Allocations, AreNoneWithEachOptimizerAndOption) {
  const std::vector<Value::Map> options = {{},
                                           {{"clipnorm", 0.1}},
                                           {{"clipvalue", 0.01}},
                                           {{"global_clipnorm", 0.1}},
                                           {{"weight_decay", 0.01}},
                                           {{"use_ema", true}},
                                           {{"use_ema", true}, {"ema_overwrite_frequency", 2}},
                                           {{"gradient_accumulation_steps", 2}},
                                           {{"momentum", 0.9}},
                                           {{"momentum", 0.9}, {"nesterov", true}},
                                           {{"amsgrad", true}},
                                           {{"centered", true}}};
  int cases = 0;
  for (const OptimizerEntry& entry : optimizer_table()) {
    SCOPED_TRACE(entry.name);
    const std::vector<std::string> fields = entry.fields();
    for (const Value::Map& each : options) {
      const bool known = std::ranges::all_of(
          each, [&](const auto& option) { return std::ranges::count(fields, option.first) == 1; });
      if (!known) continue;
      SCOPED_TRACE(each.empty() ? "no option" : each.rbegin()->first);
      expect_none_on_threads({.layers = with_softmax({Dense({.units = 20, .activation = "relu"})}),
                              .data = one_hot,
                              .optimizer = entry.make(each)});
      ++cases;
    }
  }
  EXPECT_EQ(cases, 78);
}

TEST(Allocations, AreNoneWithEachSchedule) {
  std::vector<LearningRate> rates = {
      PiecewiseConstantDecay({.boundaries = {2, 4}, .values = {0.1, 0.05, 0.01}}),
      WarmUp({.learning_rate = 0.1, .warmup_steps = 3}),
      OneCycle({.max_learning_rate = 0.1, .total_steps = 10})};
  for (const std::string name : {"ExponentialDecay", "InverseTimeDecay"}) {
    rates.push_back(make_schedule(
        name, {{"initial_learning_rate", 0.1}, {"decay_steps", 3}, {"decay_rate", 0.9}}));
  }
  for (const std::string name : {"PolynomialDecay", "CosineDecay"}) {
    rates.push_back(make_schedule(name, {{"initial_learning_rate", 0.1}, {"decay_steps", 3}}));
  }
  rates.push_back(CosineDecayRestarts({.initial_learning_rate = 0.1, .first_decay_steps = 2}));
  std::set<std::string> named;
  for (const LearningRate& rate : rates) {
    named.emplace(rate.schedule()->name());
    SCOPED_TRACE(rate.schedule()->name());
    expect_none_on_threads(
        {.layers = with_softmax({}), .data = one_hot, .optimizer = Adam({.learning_rate = rate})});
  }
  EXPECT_EQ(named, names_of(schedule_table(), &ScheduleEntry::name));
}

}  // namespace each_part_test
}  // namespace cornu::inline v0
