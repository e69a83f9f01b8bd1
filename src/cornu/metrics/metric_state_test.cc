// A counter that takes over another's state ends with the result of one that counted all samples.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/core/error_of_test.h"
#include "cornu/metrics/metric.h"

namespace cornu::inline v0 {
namespace metric_state_test {

using ::testing::HasSubstr;

constexpr int64_t kSamples = 24, kHalf = 10;

/// Samples that suit some of the metrics.
struct Samples {
  Field target;
  Tensor y_true, y_pred, weights;

  void count(int64_t begin, int64_t end, MetricCounter& counter) const {
    counter.update({.y_true = y_true.view().rows(begin, end),
                    .target = &target,
                    .y_pred = y_pred.view().rows(begin, end),
                    .sample_weight = weights.view().rows(begin, end)});
  }
};

// Outputs that are right about half of the time.
Samples samples(int64_t outputs, bool labels) {
  Samples made{.target = {labels ? Shape{} : Shape{outputs}, {}},
               .y_true = Tensor(labels ? Shape{kSamples} : Shape{kSamples, outputs}),
               .y_pred = Tensor(Shape{kSamples, outputs}),
               .weights = Tensor(Shape{kSamples})};
  for (int64_t row = 0; row < kSamples; ++row) {
    const int64_t label = (row * 5) % 7 % (outputs == 1 ? 2 : outputs);
    made.weights.span<float>()[static_cast<size_t>(row)] = static_cast<float>(row % 3 + 1) / 2;
    for (int64_t i = 0; i < outputs; ++i) {
      made.y_pred(row, i) = static_cast<float>((row * 11 + i * 4) % 13) / 13;
      if (!labels) made.y_true(row, i) = outputs == 1 ? static_cast<float>(label) : label == i;
    }
    if (labels) made.y_true.span<float>()[static_cast<size_t>(row)] = static_cast<float>(label);
  }
  return made;
}

// Those that the metric can be counted on.
std::vector<Samples> suiting(const Metric& metric) {
  std::vector<Samples> all;
  for (const auto& [outputs, labels] : {std::pair(1, false), {3, false}, {3, true}}) {
    Samples each = samples(outputs, labels);
    const Shape predictions = Shape{outputs}.with_rows();
    if (error_of([&] { metric->check(each.target, predictions); }) == "no error") {
      all.push_back(std::move(each));
    }
  }
  return all;
}

void expect_goes_on(const Metric& metric, const Samples& samples) {
  const auto whole = metric->counter();
  samples.count(0, kHalf, *whole);
  const double half = whole->result();
  const auto state = whole->state();
  ASSERT_TRUE(state.has_value()) << metric->name();
  samples.count(kHalf, kSamples, *whole);
  EXPECT_NE(whole->result(), half) << metric->name() << ": the second half must count";
  const auto again = metric->counter();
  again->set_state(*state);
  EXPECT_EQ(again->result(), half) << metric->name();
  samples.count(kHalf, kSamples, *again);
  EXPECT_EQ(again->result(), whole->result()) << metric->name();
  std::vector<double> longer = *state;
  longer.push_back(0);
  EXPECT_THAT(error_of([&] { metric->counter()->set_state(longer); }), HasSubstr("numbers"))
      << metric->name();
}

TEST(MetricState, EveryMetricGoesOnFromIt) {
  for (const MetricEntry& entry : metric_table()) {
    // Five of three outputs would be right always.
    const bool counts_ranks = entry.name.find("top_k") != std::string_view::npos;
    const Metric metric = entry.make(counts_ranks ? Value::Map{{"k", 2}} : Value::Map{});
    const std::vector<Samples> all = suiting(metric);
    EXPECT_FALSE(all.empty()) << entry.name;
    for (const Samples& each : all) expect_goes_on(metric, each);
  }
  expect_goes_on(make_metric("auc", {{"multi_label", true}, {"num_thresholds", 5}}),
                 samples(3, false));
  expect_goes_on(Metric("spread", [](TensorView, TensorView y_pred) { return y_pred.at(0); }),
                 samples(3, false));
}

TEST(MetricState, ACounterWithoutOneTakesNone) {
  class Plain final : public MetricCounter {
   public:
    void update(const Outcome&) override {}
    double result() const override { return 0; }
    void reset() override {}
  };
  Plain plain;
  EXPECT_FALSE(plain.state().has_value());
  EXPECT_THAT(error_of([&] { plain.set_state(std::vector<double>{1}); }),
              HasSubstr("expected 0 numbers, got 1"));
}

}  // namespace metric_state_test
}  // namespace cornu::inline v0
