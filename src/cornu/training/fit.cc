#include "cornu/training/fit.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"
#include "cornu/plan/batches.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

/// Loss and metrics of the samples seen so far, counted over samples in float64.
class EpochCounts {
 public:
  EpochCounts(std::span<const Metric> metrics, const Spec& spec) : spec_(spec) {
    for (const Metric& metric : metrics) {
      counters_.push_back(metric->counter());
      names_.emplace_back(metric->name());
    }
  }

  void add(const Executor& executor, const Workspace& workspace, const Batch& batch) {
    const Plan& plan = executor.plan();
    for (const LossTerm& term : plan.losses) {
      const TensorView losses = executor.value(term.per_row, workspace, batch.rows);
      for (float loss : losses.span<float>()) loss_ += term.weight * static_cast<double>(loss);
      values_ += losses.size();
    }
    if (counters_.empty()) return;
    const Outcome outcome{batch.y[0].view().rows(0, batch.rows), &spec_.y[0],
                          executor.value(plan.outputs[0], workspace, batch.rows)};
    for (auto& counter : counters_) counter->update(outcome);
  }

  void log(Logs& logs) const {
    logs.set("loss", values_ == 0 ? 0 : loss_ / static_cast<double>(values_));
    for (size_t i = 0; i < counters_.size(); ++i) logs.set(names_[i], counters_[i]->result());
  }

 private:
  const Spec& spec_;
  std::vector<std::unique_ptr<MetricCounter>> counters_;
  std::vector<std::string> names_;
  double loss_ = 0;
  int64_t values_ = 0;
};

// Labels stored as numbers are checked as they come: one outside the classes would be nobody's.
template <class Label>
int64_t first_outside(std::span<const Label> labels, int64_t classes) {
  for (size_t row = 0; row < labels.size(); ++row) {
    const auto label = static_cast<int64_t>(labels[row]);
    if (label < 0 || label >= classes) return static_cast<int64_t>(row);
  }
  return -1;
}

int64_t first_outside(TensorView labels, int64_t classes) {
  switch (labels.dtype()) {
    case DType::uint8:
      return first_outside(labels.span<uint8_t>(), classes);
    case DType::int32:
      return first_outside(labels.span<int32_t>(), classes);
    case DType::int64:
      return first_outside(labels.span<int64_t>(), classes);
    case DType::float32:
    case DType::float64:
      break;
  }
  return -1;
}

// Whether a target is labels; integers that a loss takes for numbers may be any.
bool is_labels(const Plan& plan, SlotId target) {
  return std::ranges::any_of(plan.ops, [&](const Op& op) {
    return std::holds_alternative<ops::OneHot>(op.what) && plan.base(op.in[0]) == target;
  });
}

void check_labels(const Batch& batch, int64_t begin, int64_t end, const Spec& spec,
                  const Plan& plan) {
  for (size_t i = 0; i < plan.targets.size(); ++i) {
    if (spec.y[i].shape.ndim() != 0 || !is_labels(plan, plan.targets[i])) continue;
    const int64_t classes = plan.slot(plan.outputs[i]).shape.back();
    const TensorView labels = batch.y[i].view().rows(begin, end);
    const int64_t row = first_outside(labels, classes);
    if (row < 0) continue;
    throw Error(
        {.where = "sample " + std::to_string(batch.sample[static_cast<size_t>(begin + row)]),
         .what = "label out of range",
         .expected = "0 … " + std::to_string(classes - 1) + ", as the model's last layer has " +
                     std::to_string(classes) + " outputs",
         .found = std::to_string(static_cast<int64_t>(labels.at(row)))});
  }
}

void require_samples(const SourceRange& samples, int64_t batch_size, const char* where) {
  if (batch_size < 1) {
    throw Error(
        {.where = where, .expected = "batch_size > 0", .found = std::to_string(batch_size)});
  }
  if (samples.size() < 1) {
    throw Error({.where = where, .expected = "at least one sample", .found = "none"});
  }
}

/// Batches whose labels are looked at as they come.
class CheckedBatches {
 public:
  CheckedBatches(const Source& source, const Spec& spec, const Executor& executor,
                 int64_t batch_size, SampleOrder order)
      : spec_(spec),
        plan_(executor.plan()),
        batches_(source, plan_, batch_size, executor.members(batch_size), order) {}

  void begin(std::span<const uint64_t> ids) { batches_.begin(ids); }
  Batch* next() { return batches_.next(); }
  void gather(Batch& batch, int64_t begin, int64_t end) const {
    batches_.gather(batch, begin, end);
    check_labels(batch, begin, end, spec_, plan_);
  }

 private:
  const Spec& spec_;
  const Plan& plan_;
  Batches batches_;
};

class EvaluationSteps final : public Steps {
 public:
  EvaluationSteps(CheckedBatches& batches, EpochCounts& counts, const Executor& executor,
                  const Workspace& workspace)
      : batches_(batches), counts_(counts), executor_(executor), workspace_(workspace) {}

  Step next() override { return {batches_.next(), {}}; }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    batches_.gather(*step.batch, begin, end);
  }
  void done(const Step& step) override { counts_.add(executor_, workspace_, *step.batch); }

 private:
  CheckedBatches& batches_;
  EpochCounts& counts_;
  const Executor& executor_;
  const Workspace& workspace_;
};

/// The steps of one epoch; callbacks that watch batches see one at a time.
class EpochSteps final : public Steps {
 public:
  EpochSteps(CheckedBatches& batches, EpochCounts& counts, const Executor& executor,
             const Workspace& workspace, const Context& context, const FitOptions& options,
             Progress& progress, EpochRecord& record)
      : batches_(batches),
        counts_(counts),
        executor_(executor),
        workspace_(workspace),
        context_(context),
        options_(options),
        progress_(progress),
        record_(record),
        watched_(std::ranges::any_of(
            options.callbacks, [](const auto& callback) { return callback->watches_batches(); })) {}

  /// Runs them all, or those until a stop was asked for.
  void run(Workspace& workspace) {
    do {
      paused_ = false;
      executor_.run(*this, workspace);
    } while (paused_ && !stopped_);
  }

  bool stopped() const { return stopped_; }

  Step next() override {
    if (stopped_ || paused_) return {};
    Batch* batch = batches_.next();
    paused_ = watched_ && batch != nullptr;
    return {batch, context_};
  }

  void gather(const Step& step, int64_t begin, int64_t end) override {
    batches_.gather(*step.batch, begin, end);
  }

  void done(const Step& step) override {
    counts_.add(executor_, workspace_, *step.batch);
    samples_ += step.batch->rows;
    if (progress_.due() || watched_) counts_.log(record_.logs);
    progress_.step(samples_, record_.logs);
    if (watched_) {
      for (const auto& callback : options_.callbacks) {
        callback->on_train_batch_end(step_, record_.logs);
      }
    }
    ++step_;
    stopped_ = options_.stop.stop_requested();
  }

 private:
  CheckedBatches& batches_;
  EpochCounts& counts_;
  const Executor& executor_;
  const Workspace& workspace_;
  const Context context_;
  const FitOptions& options_;
  Progress& progress_;
  EpochRecord& record_;
  const bool watched_;
  bool paused_ = false;
  std::atomic<bool> stopped_ = false;  // next and done may run at the same time
  int64_t samples_ = 0, step_ = 0;
};

}  // namespace

Logs evaluate(const Executor& executor, SourceRange samples, std::span<const Metric> metrics,
              int64_t batch_size) {
  require_samples(samples, batch_size, "evaluate");
  const Spec spec = samples.source->spec();
  const auto workspace = executor.make_workspace();
  CheckedBatches batches(*samples.source, spec, executor, batch_size, SampleOrder::ascending);
  std::vector<uint64_t> ids(static_cast<size_t>(samples.size()));
  std::iota(ids.begin(), ids.end(), static_cast<uint64_t>(samples.begin));
  EpochCounts counts(metrics, spec);
  EvaluationSteps steps(batches, counts, executor, *workspace);
  batches.begin(ids);
  executor.run(steps, *workspace);
  Logs logs;
  counts.log(logs);
  return logs;
}

History train(const Trainable& trainable, SourceRange samples, SourceRange validation,
              const FitOptions& options) {
  using Clock = std::chrono::steady_clock;
  require_samples(samples, options.batch_size, "fit");
  if (options.epochs < 0) {
    throw Error({.where = "fit",
                 .expected = "epochs of 0 or more",
                 .found = std::to_string(options.epochs)});
  }
  const Spec spec = samples.source->spec();
  const Executor& executor = trainable.training;
  const auto workspace = executor.make_workspace();
  CheckedBatches batches(*samples.source, spec, executor, options.batch_size,
                         options.shuffle ? SampleOrder::any : SampleOrder::ascending);
  std::vector<uint64_t> ids(static_cast<size_t>(samples.size()));
  const auto batch_size = static_cast<size_t>(options.batch_size);

  History history;
  history.params = {.verbose = options.verbose,
                    .epochs = options.epochs,
                    .steps = static_cast<int64_t>((ids.size() + batch_size - 1) / batch_size)};
  Progress progress(options.verbose, options.stream);
  progress.begin(samples.size(), validation.size(), options.epochs);
  for (const auto& callback : options.callbacks) callback->on_train_begin();

  const auto begin = Clock::now();
  for (int64_t epoch = 0; epoch < options.epochs && !history.stopped; ++epoch) {
    const auto epoch_begin = Clock::now();
    const Context context{.seed = trainable.seed,
                          .epoch = trainable.epochs_begun++,
                          .learning_rate = trainable.learning_rate};
    if (options.shuffle) {
      shuffled(mix(mix(trainable.seed, name_hash("shuffle")), context.epoch), ids);
    } else {
      std::iota(ids.begin(), ids.end(), uint64_t{0});
    }
    for (uint64_t& id : ids) id += static_cast<uint64_t>(samples.begin);
    progress.begin_epoch(epoch);
    for (const auto& callback : options.callbacks) callback->on_epoch_begin(epoch);

    EpochCounts counts(trainable.metrics, spec);
    EpochRecord record{.epoch = epoch, .logs = {}, .seconds = 0};
    counts.log(record.logs);  // makes room, so that no step has to
    EpochSteps steps(batches, counts, executor, *workspace, context, options, progress, record);
    batches.begin(ids);
    steps.run(*workspace);
    history.stopped = steps.stopped();
    trainable.check_weights();
    counts.log(record.logs);
    if (validation.size() > 0 && !history.stopped) {
      const Logs logs =
          evaluate(*trainable.validation, validation, trainable.metrics, options.batch_size);
      for (const auto& [name, value] : logs) record.logs.set("val_" + name, value);
    }
    record.seconds = std::chrono::duration<double>(Clock::now() - epoch_begin).count();
    progress.end_epoch(record.logs);
    history.epochs.push_back(record);
    history.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    for (const auto& callback : options.callbacks) callback->on_epoch_end(record, history);
    history.stopped = history.stopped || options.stop.stop_requested();
  }
  for (const auto& callback : options.callbacks) callback->on_train_end(history);
  return history;
}

}  // namespace cornu::inline v0
