// Targets that are meaningless for a loss or a metric are an Error when a batch is gathered.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "cornu/core/error.h"
#include "cornu/core/error_of_test.h"
#include "cornu/losses/binary_crossentropy.h"
#include "cornu/metrics/auc.h"
#include "cornu/metrics/f1_score.h"
#include "cornu/models/sequential.h"
#include "cornu/plan/check_targets.h"

namespace cornu::inline v0 {
namespace target_domain_test {

using ::testing::HasSubstr;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Eight samples of two targets; those of sample 5 are given.
Dataset with(float first, float second) {
  Tensor x(Shape{8, 1});
  Tensor y(Shape{8, 2});
  for (size_t i = 0; i < 8; ++i) {
    x.span<float>()[i] = static_cast<float>(i) / 8;
    y.span<float>()[2 * i + i % 2] = 1;
  }
  y.span<float>()[10] = first;
  y.span<float>()[11] = second;
  return Dataset(std::move(x), std::move(y));
}

Sequential model_of(CompileOptions options) {
  Sequential model({Input({1}), Dense({.units = 2, .activation = "softmax"})});
  model.compile(std::move(options));
  return model;
}

std::string error_of_fit(const CompileOptions& options, const Dataset& data) {
  const std::string found = error_of(
      [&] { model_of(options).fit(data, {.batch_size = 4, .verbose = 0, .shuffle = false}); });
  // An evaluation gives the same error.
  EXPECT_EQ(error_of([&] { model_of(options).evaluate(data, {.batch_size = 4}); }), found);
  return found;
}

TEST(TargetDomains, BinaryCrossentropyTakesProbabilities) {
  EXPECT_EQ(error_of_fit({.loss = "binary_crossentropy"}, with(0, 7)),
            "sample 5: the loss binary_crossentropy does not take such a target; expected targets "
            "from 0 to 1, got 7 at element 1. Hint: labels of several classes go with "
            "sparse_categorical_crossentropy, other numbers with mean_squared_error");
  for (const float bad : {-1.0F, 1.001F, kNaN, kInfinity}) {
    EXPECT_THAT(error_of_fit({.loss = BinaryCrossentropy({.label_smoothing = 0.1})}, with(0, bad)),
                HasSubstr("sample 5: the loss binary_crossentropy"))
        << bad;
  }
  // A rounding error is accepted.
  for (const float good : {0.3F, 1.0000002F, -1e-7F}) {
    EXPECT_EQ(error_of_fit({.loss = "bce"}, with(0, good)), "no error") << good;
  }
}

TEST(TargetDomains, AreThoseOfEachLoss) {
  struct Row {
    const char* loss;
    std::vector<std::pair<float, float>> good, bad;
  };
  const Row rows[] = {
      {"categorical_crossentropy",
       {{1, 0}, {0, 0}, {0.25F, 0.75F}, {0.333F, 0.67F}, {0.2F, 0.3F}, {-3, 0}, {0, 7}},
       {{1, 1}, {-1, 1}, {2, 255}, {0.6F, 0.6F}, {kNaN, 0}, {0, kInfinity}}},
      {"kl_divergence", {{0.3F, 0.7F}, {1, 1}}, {{-0.1F, 1}, {3, 4}, {0, kNaN}}},
      {"poisson", {{0, 7}, {0.5F, 1e6F}}, {{-1, 0}, {kNaN, 0}, {0, kInfinity}}},
      {"mean_squared_logarithmic_error", {{0, 7}}, {{-1, 0}, {0, kNaN}}},
      {"hinge", {{0, 1}, {-1, 1}}, {{2, 0}, {0.5F, 0}, {kNaN, 0}}},
      {"squared_hinge", {{0, 1}, {-1, 1}}, {{0, 3}, {0, -0.5F}}},
      {"categorical_hinge", {{0, 1}, {-1, 1}, {0.5F, 0.5F}}, {{0, 3}, {-2, 0}, {kNaN, 0}}},
      {"mean_squared_error", {{-7, 1e6F}}, {}},
      {"mean_absolute_percentage_error", {{-7, 0}}, {}},
  };
  for (const Row& row : rows) {
    for (const auto& [first, second] : row.good) {
      EXPECT_EQ(error_of_fit({.loss = row.loss}, with(first, second)), "no error")
          << row.loss << " of " << first << ", " << second;
    }
    for (const auto& [first, second] : row.bad) {
      EXPECT_THAT(error_of_fit({.loss = row.loss}, with(first, second)),
                  HasSubstr("sample 5: the loss " + std::string(row.loss) + " does not take"))
          << row.loss << " of " << first << ", " << second;
    }
  }
}

TEST(TargetDomains, AreThoseOfMetricsToo) {
  EXPECT_EQ(error_of_fit({.loss = "mse", .metrics = {AUC()}}, with(0, 3)), "no error");
  EXPECT_THAT(error_of_fit({.loss = "mse", .metrics = {AUC()}}, with(0, -1)),
              HasSubstr("sample 5: the metric auc does not take such a target"));
  EXPECT_THAT(error_of_fit({.loss = "mse", .metrics = {F1Score({.name = "mine"})}}, with(0, 2)),
              HasSubstr("sample 5: the metric mine does not take such a target"));
  EXPECT_THAT(error_of_fit({.loss = "mse", .metrics = {"binary_accuracy"}}, with(0, -1)),
              HasSubstr("sample 5: the metric binary_accuracy"));
  // Accuracy looks for the largest target.
  EXPECT_EQ(error_of_fit({.loss = "mse", .metrics = {"accuracy"}}, with(0, -1)), "no error");
}

TEST(TargetDomains, HoldForLabelsAsTheyAreStored) {
  Sequential model({Input({1}), Dense({.units = 1, .activation = "sigmoid"})});
  model.compile({.loss = "binary_crossentropy"});
  for (const DType dtype : {DType::uint8, DType::int32, DType::int64}) {
    Tensor y(Shape{4}, dtype);
    if (dtype == DType::uint8) y.span<uint8_t>()[2] = 2;
    if (dtype == DType::int32) y.span<int32_t>()[2] = 2;
    if (dtype == DType::int64) y.span<int64_t>()[2] = 2;
    EXPECT_THAT(error_of([&] {
                  model.fit(Tensor(Shape{4, 1}), y, {.verbose = 0});
                }),
                HasSubstr("sample 2: the loss binary_crossentropy does not take such a target"));
  }
}

TEST(TargetDomains, AreCheckedInEveryElement) {
  for (const int64_t at : {0, 63, 64, 130, 199}) {
    Tensor floats(Shape{2, 100});
    floats.span<float>()[static_cast<size_t>(at)] = -2;
    Tensor bytes(Shape{2, 100}, DType::uint8);
    bytes.span<uint8_t>()[static_cast<size_t>(at)] = 2;
    for (const TargetDomain domain : {TargetDomain::unit, TargetDomain::signs}) {
      EXPECT_EQ(first_without_meaning(floats, domain), at);
      EXPECT_EQ(first_without_meaning(bytes, domain), at);
    }
    EXPECT_EQ(first_without_meaning(floats, TargetDomain::not_negative), at);
    EXPECT_EQ(first_without_meaning(bytes, TargetDomain::not_negative), -1);
    bytes.span<uint8_t>()[static_cast<size_t>(at == 0 ? 1 : at - 1)] = 1;
    EXPECT_EQ(first_without_meaning(bytes, TargetDomain::shares), at < 100 ? 0 : 100);
    // In a row whose sum is too large, the first element is named.
    for (float& share : floats.span<float>()) share = 0.02F;
    EXPECT_EQ(first_without_meaning(floats.view().row(1), TargetDomain::any), -1);
    EXPECT_EQ(first_without_meaning(floats, TargetDomain::shares), 0);
  }
}

TEST(TargetDomains, ARefusedFirstStepLeavesTheWeights) {
  Sequential model = model_of({.loss = "poisson"});
  const float before = model.weights()[0].second.span<float>()[0];
  EXPECT_THAT(error_of([&] { model.fit(with(0, -1), {.verbose = 0}); }), HasSubstr("sample 5"));
  EXPECT_EQ(model.weights()[0].second.span<float>()[0], before);
  model.fit(with(0, 1), {.verbose = 0});
}

TEST(TargetDomains, CrossentropyOfOneClassIsRefused) {
  Sequential model({Input({1}), Dense({.units = 1, .activation = "softmax"})});
  model.compile({.loss = "categorical_crossentropy"});
  EXPECT_THAT(error_of([&] {
                model.fit(Tensor(Shape{4, 1}), Tensor(Shape{4, 1}));
              }),
              HasSubstr("loss categorical_crossentropy: it is 0 for outputs of one class"));
}

}  // namespace target_domain_test
}  // namespace cornu::inline v0
