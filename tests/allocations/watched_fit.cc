#include "watched_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

/// A data set that reports when a batch is requested, and calls `more` then.
class WitnessedSource final : public Source {
 public:
  WitnessedSource(Dataset data, Witness& witness, std::function<void()> more)
      : data_(std::move(data)), witness_(witness), more_(std::move(more)) {}
  Spec spec() const override { return data_.spec(); }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    if (row == 0) {
      witness_.filled();
      if (more_) more_();
    }
    data_.fill(ids, row, batch);
  }
  void prefetch(std::span<const uint64_t> ids) const override { data_.prefetch(ids); }

 private:
  Dataset data_;
  Witness& witness_;
  std::function<void()> more_;
};

/// A metric that reports when a step is done; given last, it is called after all others.
class StepCounter final : public MetricCounter {
 public:
  explicit StepCounter(Witness& witness) : witness_(witness) { witness_.begin_pass(); }
  void update(const Outcome&) override { witness_.stepped(); }
  double result() const override { return 0; }
  void reset() override {}

 private:
  Witness& witness_;
};

class StepMetric final : public MetricDescription {
 public:
  explicit StepMetric(Witness& witness) : witness_(witness) {}
  std::string_view name() const override { return "a_name_too_long_to_lie_within_a_string"; }
  std::string_view unit() const override { return ""; }
  bool higher_is_better() const override { return true; }
  void check(const Field&, const Shape&) const override {}
  std::unique_ptr<MetricCounter> counter() const override {
    return std::make_unique<StepCounter>(witness_);
  }

 private:
  Witness& witness_;
};

std::vector<Optimizer> optimizers() {
  return {Adam(), SGD(), SGD({.momentum = 0.9}), SGD({.momentum = 0.9, .nesterov = true})};
}

}  // namespace

Dataset images(int64_t samples) {
  Tensor x({samples, 28, 28}, DType::uint8), y({samples}, DType::uint8);
  uint64_t element = 0;
  for (uint8_t& byte : x.span<uint8_t>()) {
    const uint64_t h = mix(0, element++);
    byte = h % 5 == 0 ? static_cast<uint8_t>(h >> 8) : 0;
  }
  uint8_t label = 0;
  for (uint8_t& each : y.span<uint8_t>()) each = label++ % 10;
  return {std::move(x), std::move(y)};
}

Dataset flat_images(int64_t samples) {
  return images(samples).reshape({784}).divide(255).to_categorical(10);
}

Dataset small_images(int64_t samples) {
  const Dataset all = images(samples).reshape({784}).divide(255);
  Tensor x({samples, 30}, DType::uint8);
  for (int64_t i = 0; i < samples; ++i) {
    std::copy_n(all.x().row(i).span<uint8_t>().begin(), 30, x.span<uint8_t>().begin() + i * 30);
  }
  return Dataset(std::move(x), Tensor(all.y())).divide(255);
}

Result watch(const Case& each) {
  Result result;
  Witness& witness = result.witness;
  // Three full batches and a short one.
  const int64_t samples = 3 * each.batch_size + (each.batch_size + 1) / 2;
  WitnessedSource source(each.data(samples), witness, each.more);
  const auto team = std::make_shared<Team>(each.threads);
  const std::unique_ptr<Model> model = each.network ? std::make_unique<Model>(each.network())
                                                    : std::make_unique<Sequential>(each.layers);
  CompileOptions compiled = {
      .optimizer = each.optimizer,
      .loss = each.loss,
      .metrics = each.metrics,
      .execution = {.team = team, .minimum_work = 0, .without = each.without}};
  const Metric counts_steps(std::make_shared<StepMetric>(witness));
  if (each.last_output.empty()) {
    compiled.metrics.push_back(counts_steps);
  } else {
    compiled.output_metrics = {{each.last_output, {counts_steps}}};
  }
  model->compile(compiled);
  FitOptions options = each.fit;
  options.batch_size = each.batch_size;
  options.validation_split = each.validation_split;
  const auto later_steps = [&](int64_t size) {
    return (size + each.batch_size - 1) / each.batch_size - 1;
  };
  const int64_t training =
      static_cast<int64_t>(std::floor(static_cast<double>(samples) * (1 - each.validation_split)));
  model->fit(source, options);
  EXPECT_EQ(std::max(team->last_members(), 1), each.threads);
  result.steps = options.epochs * later_steps(training);
  if (training < samples) result.steps += options.epochs * later_steps(samples - training);
  if (options.validation_data) {
    result.steps += options.epochs * later_steps(options.validation_data->size());
  }
  model->evaluate(source, {.batch_size = each.batch_size});
  result.steps += later_steps(samples);
  return result;
}

void expect_none(const Case& each) {
  const Result result = watch(each);
  EXPECT_EQ(result.witness.steps(), result.steps);
  EXPECT_EQ(result.witness.allocations(), 0)
      << each.threads << " threads, batches of " << each.batch_size << ", "
      << each.optimizer->name() << remembered_allocation();
}

void expect_none_on_threads(Case each) {
  for (const int threads : {1, 3}) {
    each.threads = threads;
    expect_none(each);
  }
}

void expect_none_anywhere(Case each) {
  for (const Optimizer& optimizer : optimizers()) {
    for (int threads = 1; threads <= 4; ++threads) {
      for (const int64_t batch_size : {1, 32, 128, 500}) {
        for (const bool skips : {true, false}) {
          each.optimizer = optimizer;
          each.threads = threads;
          each.batch_size = batch_size;
          each.without =
              skips ? std::vector<std::string>{} : std::vector<std::string>{"skip_zeros"};
          expect_none(each);
          if (::testing::Test::HasFailure()) return;
        }
      }
    }
  }
}

}  // namespace cornu::inline v0
