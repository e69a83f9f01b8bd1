#include "cornu/training/fit.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "cornu/core/error.h"
#include "cornu/core/rng.h"
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
      for (int64_t i = 0; i < losses.size(); ++i) loss_ += term.weight * losses.at(i);
      values_ += losses.size();
    }
    if (counters_.empty()) return;
    const Outcome outcome{batch.y[0].view().rows(0, batch.rows), &spec_.y[0],
                          executor.value(plan.outputs[0], workspace, batch.rows)};
    for (auto& counter : counters_) counter->update(outcome);
  }

  void log(Logs& logs, const std::string& prefix = "") const {
    logs.set(prefix + "loss", values_ == 0 ? 0 : loss_ / static_cast<double>(values_));
    for (size_t i = 0; i < counters_.size(); ++i) {
      logs.set(prefix + names_[i], counters_[i]->result());
    }
  }

 private:
  const Spec& spec_;
  std::vector<std::unique_ptr<MetricCounter>> counters_;
  std::vector<std::string> names_;
  double loss_ = 0;
  int64_t values_ = 0;
};

// Labels stored as numbers are checked as they come: one outside the classes would be nobody's.
void check_labels(const Batch& batch, const Spec& spec, const Plan& plan) {
  for (size_t i = 0; i < plan.targets.size(); ++i) {
    const Field& field = spec.y[i];
    const bool labels = field.shape.ndim() == 0 && field.encoding.dtype != DType::float32 &&
                        field.encoding.dtype != DType::float64;
    if (!labels) continue;
    const int64_t classes = plan.slot(plan.outputs[i]).shape.back();
    for (int64_t row = 0; row < batch.rows; ++row) {
      const double label = batch.y[i].at(row);
      if (label >= 0 && label < static_cast<double>(classes)) continue;
      throw Error({.where = "sample " + std::to_string(batch.sample[static_cast<size_t>(row)]),
                   .what = "label out of range",
                   .expected = "0 … " + std::to_string(classes - 1) +
                               ", as the model's last layer has " + std::to_string(classes) +
                               " outputs",
                   .found = std::to_string(static_cast<int64_t>(label))});
    }
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

}  // namespace

Logs evaluate(const Executor& executor, SourceRange samples, std::span<const Metric> metrics,
              int64_t batch_size) {
  require_samples(samples, batch_size, "evaluate");
  const Spec spec = samples.source->spec();
  const auto workspace = executor.make_workspace();
  Batch batch = make_batch(spec, batch_size);
  std::vector<uint64_t> ids(static_cast<size_t>(samples.size()));
  std::iota(ids.begin(), ids.end(), static_cast<uint64_t>(samples.begin));
  EpochCounts counts(metrics, spec);
  for (size_t first = 0; first < ids.size(); first += static_cast<size_t>(batch_size)) {
    const size_t count = std::min(ids.size() - first, static_cast<size_t>(batch_size));
    samples.source->fill(std::span(ids).subspan(first, count), batch);
    check_labels(batch, spec, executor.plan());
    executor.run(batch, {}, *workspace);
    counts.add(executor, *workspace, batch);
  }
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
  Batch batch = make_batch(spec, options.batch_size);
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
    int64_t step = 0;
    for (size_t first = 0; first < ids.size() && !history.stopped; first += batch_size, ++step) {
      const size_t count = std::min(ids.size() - first, batch_size);
      samples.source->fill(std::span(ids).subspan(first, count), batch);
      check_labels(batch, spec, executor.plan());
      executor.run(batch, context, *workspace);
      counts.add(executor, *workspace, batch);
      if (progress.due() || !options.callbacks.empty()) counts.log(record.logs);
      progress.step(static_cast<int64_t>(first + count), record.logs);
      for (const auto& callback : options.callbacks) {
        callback->on_train_batch_end(step, record.logs);
      }
      history.stopped = options.stop.stop_requested();
    }
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
