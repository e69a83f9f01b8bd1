// Every schedule compared with Keras at 1,000 steps; those that Keras lacks, with their formulas.

#include <gmock/gmock.h>

#include <numbers>
#include <set>

#include "cornu/formats/json.h"
#include "lowered.h"

namespace cornu::inline v0 {
namespace schedules_test {

const std::vector<std::string> kNames = {
    "ExponentialDecay", "PiecewiseConstantDecay", "PolynomialDecay", "InverseTimeDecay",
    "CosineDecay",      "CosineDecayRestarts",    "WarmUp",          "OneCycle"};
const std::set<std::string> kNotInKeras = {"WarmUp", "OneCycle"};

TEST(Schedules, AreKerasAtAThousandSteps) {
  const formats::Safetensors keras = golden("schedules");
  std::vector<std::string> names;
  for (const ScheduleEntry& entry : schedule_table()) names.emplace_back(entry.name);
  EXPECT_EQ(names, kNames);
  std::set<std::string> found;
  int cases = 0;
  for (const auto& [path, rates] : keras.tensors) {
    if (!path.ends_with("/rates")) continue;
    const std::string place = path.substr(0, path.rfind('/'));
    const std::string name = place.substr(0, place.find('/'));
    const TensorView text = golden_tensor(keras, place + "/options");
    const std::string json(reinterpret_cast<const char*>(text.data()), text.nbytes());
    const LearningRate rate = make_schedule(name, formats::read_json(json, place).as_map());
    Tensor ours(Shape{1000}, DType::float64);
    for (int64_t step = 0; step < 1000; ++step) {
      ours.span<double>()[static_cast<size_t>(step)] = rate.at(step);
    }
    expect_close(ours, rates, 2e-6, place);
    found.insert(name);
    ++cases;
  }
  for (const std::string& name : kNames) {
    EXPECT_EQ(found.contains(name), !kNotInKeras.contains(name)) << name;
  }
  EXPECT_EQ(cases, 14);
  std::printf("%d cases of %zu schedules\n", cases, kNames.size());
}

// Goyal et al. 2017: a linear rise to the rate, then that rate.
TEST(Schedules, WarmUpRisesLinearlyToTheGivenRate) {
  const CosineDecay after({.initial_learning_rate = 0.2, .decay_steps = 500});
  const WarmUp rate({.learning_rate = after, .warmup_steps = 100, .initial_learning_rate = 0.05});
  for (int64_t step = 0; step < 1000; ++step) {
    const double expected =
        step < 100 ? 0.05 + 0.15 * static_cast<double>(step) / 100 : after.at(step - 100);
    EXPECT_NEAR(rate.at(step), expected, 1e-15);
  }
  EXPECT_EQ(WarmUp({.learning_rate = 0.1, .warmup_steps = 0}).at(0), 0.1);
}

// Smith and Topin 2018, with half cosines: max/25 up to max, and down to max/25/10⁴.
TEST(Schedules, OneCycleGoesUpAndDownOnce) {
  const OneCycle rate({.max_learning_rate = 0.5, .total_steps = 800, .warmup_fraction = 0.25});
  const auto between = [](double from, double to, double fraction) {
    return to + (from - to) * (1 + std::cos(std::numbers::pi * fraction)) / 2;
  };
  for (int64_t step = 0; step < 1000; ++step) {
    const auto now = static_cast<double>(std::min<int64_t>(step, 800));
    const double expected =
        now < 200 ? between(0.02, 0.5, now / 200) : between(0.5, 0.02 / 1e4, (now - 200) / 600);
    EXPECT_NEAR(rate.at(step), expected, 1e-15);
  }
}

TEST(Schedules, AreMadeFromConfigurationsAndRefuseNonsense) {
  LearningRate read;
  const LearningRate cosine = CosineDecay({.initial_learning_rate = 0.3, .decay_steps = 7});
  from_value(to_value(cosine), read);
  EXPECT_EQ(read, cosine);
  from_value(Value(0.25), read);
  EXPECT_EQ(read, LearningRate(0.25));
  EXPECT_NE(read, cosine);
  EXPECT_EQ(to_value(LearningRate(0.25)), Value(0.25));
  EXPECT_THROW(make_schedule("CosineDekay"), Error);
  EXPECT_THROW(CosineDecay({.decay_steps = 0}), Error);
  EXPECT_THROW(ExponentialDecay({.initial_learning_rate = -1}), Error);
  EXPECT_THROW(PiecewiseConstantDecay({.boundaries = {5, 5}, .values = {1, 2, 3}}), Error);
  EXPECT_THROW(PiecewiseConstantDecay({.boundaries = {5}, .values = {1}}), Error);
  EXPECT_THROW(CosineDecayRestarts({.t_mul = 0.5}), Error);
  EXPECT_THROW(OneCycle({.warmup_fraction = 2}), Error);
  EXPECT_THROW(WarmUp({.learning_rate = -1}), Error);
}

TEST(Schedules, DriveAFit) {
  Sequential model({Input({3}), Dense({.units = 2})});
  model.compile({.optimizer = SGD({.learning_rate = ExponentialDecay({.initial_learning_rate = 0.5,
                                                                      .decay_steps = 2,
                                                                      .decay_rate = 0.5,
                                                                      .staircase = true})}),
                 .loss = "mse"});
  class Rates final : public Callback {
   public:
    void on_train_batch_begin(int64_t) override { rates.push_back(training().learning_rate()); }
    std::vector<double> rates;
  };
  const auto watch = std::make_shared<Rates>();
  const Dataset data(Tensor(Shape{6, 3}), Tensor(Shape{6, 2}));
  model.fit(data, {.batch_size = 2, .epochs = 2, .verbose = 0, .callbacks = {watch}});
  EXPECT_THAT(watch->rates, ::testing::ElementsAre(0.5, 0.5, 0.25, 0.25, 0.125, 0.125));
  const auto sets = std::make_shared<LearningRateScheduler>([](int64_t, double) { return 1.0; });
  EXPECT_THROW(model.fit(data, {.verbose = 0, .callbacks = {sets}}), Error);
}

}  // namespace schedules_test
}  // namespace cornu::inline v0
