// Five trainings end with the losses and metrics that real Keras reaches, five seeds each:
// tests/goldens/make_jobs.py. TwelveLayers… takes 8 s, more beside other tests: twelve layers with
// batch normalization are trained five times, to the end.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "cornu/core/sanitized_test.h"
#include "cornu/cornu.h"
#include "golden_files.h"

namespace cornu::inline v0 {
namespace jobs_test {

constexpr int64_t kKerasSeeds = 5;
// Under the sanitizers each job trains one seed for two epochs and is not compared with Keras,
// since it takes minutes there; its bits are those of Release.
constexpr int64_t kSeeds = 5;

/// Numbers in [0, 1) by (row, column, stream), multiples of 2⁻²⁴: a hash of the three.
float drawn(int64_t row, int64_t column, uint64_t stream) {
  uint64_t h = static_cast<uint64_t>(row) * 0x9E3779B97F4A7C15 +
               static_cast<uint64_t>(column) * 0xBF58476D1CE4E5B9 + stream * 0x94D049BB133111EB;
  h = (h ^ (h >> 31)) * 0x7FB5D329728EA185;
  h = (h ^ (h >> 27)) * 0x81DADEF4BC2DD44D;
  h ^= h >> 33;
  return static_cast<float>(h >> 40) / 16777216;
}

template <class T>
struct Table {
  int64_t rows, columns;
  std::vector<T> values;

  T operator()(int64_t row, int64_t column) const {
    return values[static_cast<size_t>(row * columns + column)];
  }
  /// Rows [begin, end), as vectors of the columns or, without an axis for them, as labels.
  Tensor part(int64_t begin, int64_t end, bool labels = false) const {
    Tensor tensor(labels ? Shape{end - begin} : Shape{end - begin, columns}, dtype_of<T>());
    std::copy(values.begin() + begin * columns, values.begin() + end * columns,
              tensor.span<T>().begin());
    return tensor;
  }
};

template <class T>
Table<T> table(int64_t rows, int64_t columns, const std::function<T(int64_t, int64_t)>& f) {
  Table<T> made{rows, columns, {}};
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) made.values.push_back(f(i, j));
  }
  return made;
}

Table<float> features(int64_t rows, int64_t columns, uint64_t stream) {
  return table<float>(rows, columns,
                      [stream](int64_t i, int64_t j) { return drawn(i, j, stream) * 2 - 1; });
}

// The first two thirds train, the others validate.
int64_t cut(int64_t rows) {
  return rows * 2 / 3;
}

int64_t epochs(int64_t of_the_job) {
  return kSanitized ? 2 : of_the_job;
}

/// A job with one seed; empty if its data set is not found.
using Job = std::function<std::optional<History>(uint64_t seed)>;

std::optional<History> tutorial(uint64_t seed) {
  DatasetParts parts;
  try {
    parts = datasets::mnist({.download = false});
  } catch (const Error&) {
    return {};
  }
  const auto prepared = [](const Dataset& data) {
    return data.reshape({784}).divide(255).to_categorical(10);
  };
  Sequential model({Dense({.units = 64, .activation = "sigmoid"}),
                    Dense({.units = 10, .activation = "softmax"})},
                   {.seed = seed});
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  return model.fit(prepared(parts.train), {.batch_size = 128,
                                           .epochs = epochs(10),
                                           .verbose = 0,
                                           .validation_data = prepared(parts.test)});
}

// Noisy labels of two classes, of which the rarer has three times the weight.
std::optional<History> binary(uint64_t seed) {
  constexpr int64_t kRows = 12000;
  const auto x = features(kRows, 8, 1);
  const auto y = table<float>(kRows, 1, [&](int64_t i, int64_t) {
    const float score = x(i, 0) * x(i, 1) + x(i, 2) * 0.5F - x(i, 3) * x(i, 3);
    const bool flipped = static_cast<double>(drawn(i, 0, 2)) < 0.1;
    return (static_cast<double>(score) > 0.1) != flipped ? 1.0F : 0.0F;
  });
  const int64_t end = cut(kRows);
  Sequential model(
      {Input({8}), Dense({.units = 32, .activation = "relu"}),
       Dense({.units = 16, .activation = "tanh"}), Dense({.units = 1, .activation = "sigmoid"})},
      {.seed = seed});
  model.compile({.optimizer = "adam",
                 .loss = "binary_crossentropy",
                 .metrics = {AUC({.name = "auc"}), "binary_accuracy"}});
  return model.fit(Dataset(x.part(0, end), y.part(0, end)),
                   {.batch_size = 64,
                    .epochs = epochs(12),
                    .verbose = 0,
                    .validation_data = Dataset(x.part(end, kRows), y.part(end, kRows)),
                    .class_weight = {{0, 1}, {1, 3}}});
}

std::optional<History> regression(uint64_t seed) {
  constexpr int64_t kRows = 9000;
  const auto x = features(kRows, 6, 3);
  const auto y = table<float>(kRows, 1, [&](int64_t i, int64_t) {
    const float exact = x(i, 0) * x(i, 1) + x(i, 2) * x(i, 2) * x(i, 2) - x(i, 3) * 0.5F;
    return exact + (drawn(i, 0, 4) - drawn(i, 1, 4)) * 0.8F;
  });
  const int64_t end = cut(kRows);
  Sequential model({Input({6}), Dense({.units = 48, .activation = "gelu"}),
                    Dense({.units = 24, .activation = "silu"}), Dense({.units = 1})},
                   {.seed = seed});
  const CosineDecay rate({.initial_learning_rate = 0.05, .decay_steps = 15 * 94});
  model.compile({.optimizer = SGD({.learning_rate = rate, .momentum = 0.9}),
                 .loss = Huber({.delta = 0.5}),
                 .metrics = {"mae", "mse"}});
  return model.fit(Dataset(x.part(0, end), y.part(0, end)),
                   {.batch_size = 64,
                    .epochs = epochs(15),
                    .verbose = 0,
                    .validation_data = Dataset(x.part(end, kRows), y.part(end, kRows))});
}

// A shared layer for numbers and words; the outputs are a label and a number.
std::optional<History> functional(uint64_t seed) {
  constexpr int64_t kRows = 9000;
  const auto numbers = features(kRows, 6, 5);
  const auto words = table<int64_t>(
      kRows, 3, [](int64_t i, int64_t j) { return static_cast<int64_t>(drawn(i, j, 6) * 12); });
  const auto odd = [&](int64_t i) { return words(i, 0) % 2 + words(i, 1) % 2 + words(i, 2) % 2; };
  const auto label = table<int64_t>(kRows, 1, [&](int64_t i, int64_t) {
    const float noise = drawn(i, 0, 7);
    if (static_cast<double>(noise) < 0.15) return static_cast<int64_t>(noise * 1000) % 3;
    return (odd(i) + (numbers(i, 0) > 0 ? 1 : 0)) % 3;
  });
  const auto number = table<float>(kRows, 1, [&](int64_t i, int64_t) {
    return numbers(i, 1) * numbers(i, 2) + static_cast<float>(odd(i) - 1) * 0.5F +
           (drawn(i, 1, 7) - 0.5F);
  });
  const Input a(InputOptions{.shape = {6}, .name = "x"});
  const Input b(InputOptions{.shape = {3}, .name = "words"});
  const Dense shared({.units = 24, .activation = "tanh", .name = "shared"});
  const auto left = shared(Dense({.units = 16, .activation = "relu"})(a));
  const auto vectors = Flatten()(Embedding({.input_dim = 12, .output_dim = 4})(b));
  const auto right = shared(Dense({.units = 16, .activation = "relu"})(vectors));
  const auto joined = Concatenate()({left, right, Multiply()({left, right})});
  const auto both = Dense({.units = 32, .activation = "relu"})(joined);
  Model model({a, b},
              {Dense({.units = 3, .activation = "softmax", .name = "label"})(both),
               Dense({.units = 1, .name = "number"})(both)},
              {.seed = seed});
  model.compile({.optimizer = "rmsprop",
                 .losses = {{"label", "sparse_categorical_crossentropy"}, {"number", "mse"}},
                 .loss_weights = {{"label", 1.0}, {"number", 0.5}},
                 .output_metrics = {{"label", {"accuracy"}}, {"number", {"mae"}}}});
  const auto data = [&](int64_t begin, int64_t end) {
    return Dataset({numbers.part(begin, end), words.part(begin, end)},
                   {label.part(begin, end, true), number.part(begin, end)});
  };
  return model.fit(data(0, cut(kRows)), {.batch_size = 64,
                                         .epochs = epochs(15),
                                         .verbose = 0,
                                         .validation_data = data(cut(kRows), kRows)});
}

// Twelve layers, eleven of them followed by batch normalization.
std::optional<History> deep(uint64_t seed) {
  constexpr int64_t kRows = 15000;
  const auto x = features(kRows, 10, 8);
  const auto y = table<int64_t>(kRows, 1, [&](int64_t i, int64_t) {
    const float noise = drawn(i, 0, 9);
    if (static_cast<double>(noise) < 0.2) return static_cast<int64_t>(noise * 1000) % 4;
    return int64_t{x(i, 0) * x(i, 1) > 0} * 2 + int64_t{x(i, 2) + x(i, 3) * x(i, 4) > 0};
  });
  const int64_t end = cut(kRows);
  Sequential model({Input({10})}, {.seed = seed});
  for (int i = 0; i < 11; ++i) {
    model.add(Dense({.units = 32, .use_bias = false}));
    model.add(BatchNormalization());
    model.add(Activation("relu"));
  }
  model.add(Dense({.units = 4, .activation = "softmax"}));
  const CosineDecay rate({.initial_learning_rate = 0.002, .decay_steps = 24 * 79});
  model.compile({.optimizer = Adam({.learning_rate = rate}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  return model.fit(Dataset(x.part(0, end), y.part(0, end, true)),
                   {.batch_size = 128,
                    .epochs = epochs(24),
                    .verbose = 0,
                    .validation_data = Dataset(x.part(end, kRows), y.part(end, kRows, true))});
}

struct Moments {
  double mean = 0, variance = 0;
};

Moments moments(const std::vector<double>& values) {
  Moments m;
  for (const double x : values) m.mean += x / static_cast<double>(values.size());
  for (const double x : values) m.variance += (x - m.mean) * (x - m.mean);
  m.variance /= std::max(1.0, static_cast<double>(values.size() - 1));
  return m;
}

void expect_to_end_where_keras_does(const std::string& name, const Job& job) {
  const formats::Safetensors keras = golden("jobs");
  std::vector<Logs> ours;
  for (int64_t seed = 0; seed < kSeeds; ++seed) {
    const std::optional<History> history = job(static_cast<uint64_t>(seed));
    if (!history) GTEST_SKIP() << "full MNIST not found";
    if (kSanitized) {
      EXPECT_LT(history->last()["loss"], history->epochs.front().logs["loss"]);
      return;
    }
    ours.push_back(history->last());
  }
  int compared = 0;
  for (const auto& [path, tensor] : keras.tensors) {
    if (!path.starts_with(name + "/")) continue;
    const std::string log = path.substr(name.size() + 1);
    SCOPED_TRACE(log);
    std::vector<double> found;
    std::vector<double> expected;
    for (const Logs& logs : ours) found.push_back(logs[log]);
    for (int64_t seed = 0; seed < kKerasSeeds; ++seed) expected.push_back(tensor.at(seed));
    const Moments a = moments(found);
    const Moments b = moments(expected);
    const double difference = std::abs(a.mean - b.mean);
    const double three_sigma = 3 * std::sqrt(a.variance / kSeeds + b.variance / kKerasSeeds);
    std::printf("| %s | %s | %.4f ± %.4f | %.4f ± %.4f | %.2f %% | %.1f |\n", name.c_str(),
                log.c_str(), a.mean, std::sqrt(a.variance), b.mean, std::sqrt(b.variance),
                100 * difference / b.mean, 3 * difference / three_sigma);
    EXPECT_LE(difference, three_sigma);
    EXPECT_LE(difference, 0.03 * std::abs(b.mean));
    ++compared;
  }
  EXPECT_GE(compared, 2);
}

TEST(Jobs, TheTutorial) {
  expect_to_end_where_keras_does("tutorial", tutorial);
}
TEST(Jobs, TwoClassesWithWeights) {
  expect_to_end_where_keras_does("binary", binary);
}
TEST(Jobs, RegressionWithASchedule) {
  expect_to_end_where_keras_does("regression", regression);
}
TEST(Jobs, TwoInputsAndTwoOutputsWithASharedLayer) {
  expect_to_end_where_keras_does("functional", functional);
}
TEST(Jobs, TwelveLayersWithBatchNormalization) {
  expect_to_end_where_keras_does("deep", deep);
}

}  // namespace jobs_test
}  // namespace cornu::inline v0
