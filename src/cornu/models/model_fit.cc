#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "cornu/core/background_exchanges.h"
#include "cornu/core/error.h"
#include "cornu/core/float_mode.h"
#include "cornu/core/value.h"
#include "cornu/core/version.h"
#include "cornu/models/compile_config_internal.h"
#include "cornu/models/fit_settings.h"
#include "cornu/models/model_internal.h"
#include "cornu/saving/network_config.h"
#include "cornu/training/evaluation.h"
#include "cornu/training/processes.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

void require_count(const char* where, int64_t count, int64_t least, const char* name) {
  require(where, count >= least, std::string(name) + " of " + std::to_string(least) + " or more",
          std::to_string(count));
}

void check_options(const FitOptions& options) {
  require_count("fit", options.batch_size, 1, "batch_size");
  require_count("fit", options.epochs, 0, "epochs");
  require_count("fit", options.initial_epoch, 0, "initial_epoch");
  require_count("fit", options.steps_per_epoch, 0, "steps_per_epoch");
  require_count("fit", options.validation_steps, 0, "validation_steps");
  require_count("fit", options.validation_batch_size, 0, "validation_batch_size");
  require_count("fit", options.validation_freq, 1, "validation_freq");
  require("fit", options.validation_split >= 0 && options.validation_split < 1,
          "0 <= validation_split < 1", shortest(options.validation_split));
}

// Error when a split takes all samples, or none.
void require_both_parts(double split, int64_t samples, int64_t trained) {
  if (trained > 0 && trained < samples) return;
  throw Error({.where = "fit",
               .what = std::string("validation_split leaves no sample to ") +
                       (trained == 0 ? "train on" : "validate"),
               .expected = "a validation_split that takes some of " + std::to_string(samples) +
                           " samples, and leaves some",
               .found = shortest(split)});
}

/// A source, or the same samples as bytes where that pays.
class Compact {
 public:
  /// For `passes` over a source that `model` reads as `spec` says.
  Compact(const Source& source, const Spec& spec, int64_t passes, Team& team) : source_(&source) {
    // What a core's own cache holds is read from there in any form.
    constexpr size_t kLarge = size_t{2} << 20;
    const Spec given = source.spec();
    size_t largest = 0;
    for (size_t i = 0; i < given.x.size(); ++i) {
      // Numbers that are to be divided like the former training data stay as they are.
      if (!(given.x[i].encoding == spec.x[i].encoding)) return;
      largest = std::max(largest, source.stored_x(i).nbytes());
    }
    if (passes < 2 || largest < kLarge) return;
    bytes_ = source.in_bytes(team);
    if (bytes_) source_ = bytes_.get();
  }
  Compact(const Compact&) = delete;
  Compact& operator=(const Compact&) = delete;
  const Source& source() const { return *source_; }

 private:
  const Source* source_;
  std::unique_ptr<const Source> bytes_;
};

// The weight of a class is that of its samples.
void require_class_of_samples(const ClassWeight& class_weight, const Graph& graph) {
  const Shape& y_pred = graph.shape(graph.outputs()[0]);
  if (class_weight.empty() || y_pred.ndim() < 3) return;
  throw Error({.where = "class_weight",
               .expected = "outputs of one class per sample, (None, classes)",
               .found = y_pred.str(),
               .hint = "sample_weight weighs whole samples"});
}

// Error if processes cannot have as many shards each.
void require_shards(const Communicator& processes, int shards) {
  const int count = processes.size();
  if (shards % count == 0) return;
  std::string nearest;
  for (const int each : {shards / count * count, (shards / count + 1) * count}) {
    if (each > 0 && each <= kMostShards) {
      nearest += (nearest.empty() ? "" : " or ") + std::to_string(each);
    }
  }
  throw Error(
      {.where = "fit",
       .what = "cannot divide a batch among " + std::to_string(count) + " processes",
       .expected = "shards that their number divides, such as " + nearest,
       .found = std::to_string(shards),
       .hint = "compile says how many, on the command line --shards; the bits of weights depend "
               "on it"});
}

/// A source, with sample weights added if any are given.
class Weighed {
 public:
  Weighed(const Source& source, const Tensor& sample_weight, const ClassWeight& class_weight)
      : source_(&source) {
    if (sample_weight.size() == 0 && class_weight.empty()) return;
    weighted_.emplace(source, sample_weight, class_weight);
    source_ = &*weighted_;
  }
  Weighed(const Weighed&) = delete;
  Weighed& operator=(const Weighed&) = delete;
  const Source& source() const { return *source_; }

 private:
  const Source* source_;
  std::optional<WeightedSource> weighted_;
};

/// A stream whose samples are weighted by class.
class WeighedStream final : public Stream {
 public:
  WeighedStream(Stream& stream, const ClassWeight& class_weight)
      : stream_(stream), class_weight_(class_weight), weights_(stream.spec().weights) {
    check_class_weight(class_weight, stream.spec());
  }
  Spec spec() const override {
    Spec spec = stream_.spec();
    if (!class_weight_.empty() && spec.weights == 0) spec.weights = 1;
    return spec;
  }
  int64_t next(Batch& batch, int64_t capacity) override {
    const int64_t rows = stream_.next(batch, capacity);
    if (class_weight_.empty() || rows <= 0 || rows > capacity) return rows;
    const auto weights = batch.weights[0].span<float>().first(static_cast<size_t>(rows));
    if (weights_ == 0) std::ranges::fill(weights, 1.0F);
    weigh_by_class(class_weight_, 0, rows, batch);
    return rows;
  }
  bool rewind() override { return stream_.rewind(); }

 private:
  Stream& stream_;
  const ClassWeight& class_weight_;
  const size_t weights_;
};

}  // namespace

void Model::Impl::keep_sample(const Source& source) {
  stored_sample.clear();
  for (size_t i = 0; i < source.spec().x.size(); ++i) {
    const TensorView all = source.stored_x(i);
    if (all.size() == 0) return stored_sample.clear();  // it would have to be gathered
    stored_sample.emplace_back(all.rows(0, 1));
  }
  const auto* const data = dynamic_cast<const Dataset*>(&source);
  if (data == nullptr) return;
  const DatasetInfo& info = data->info();
  if (!info.class_names.empty()) card.class_names = info.class_names;
  if (!info.preprocessing.empty()) card.preprocessing = info.preprocessing;
}

History Model::Impl::fit(const Model& whole, const Executor& training, Feed& feed,
                         const TrainingData& data, SourceRange validation,
                         const FitOptions& fitting) {
  TrainingRun run{.training = training,
                  .feed = feed,
                  .spec = data.spec,
                  .samples = data.samples,
                  .steps = data.steps,
                  .batch_size = fitting.batch_size,
                  .counted = compiled_outputs.counted,
                  .whole = &whole};
  const Value before = Value::Map{{"epochs", static_cast<int64_t>(epochs_begun)},
                                  {"steps", steps_before + steps_begun}};
  run.settings = [&, before] {
    Value::Map settings = {{"version", CORNU_VERSION},
                           {"network", network_to_config(graph)},
                           {"compile", compile_config(*compiled)},
                           {"fit", fit_settings(fitting)},
                           {"before", before},
                           {"data", data.settings()}};
    if (fitting.validation_data) {
      settings.emplace_back("validation_data", data_settings(*fitting.validation_data));
    }
    return settings;
  };
  std::optional<SourceFeed> validation_feed;
  std::shared_ptr<const Executor> validating;
  if (validation.size() > 0) {
    const int64_t rows = std::min(
        fitting.validation_batch_size > 0 ? fitting.validation_batch_size : fitting.batch_size,
        validation.size());
    run.validation_spec = remembered(validation.source->spec());
    validating = executor_of(fitting.distribute, run.validation_spec, Mode::evaluate, rows);
    run.validation = validating.get();
    validation_feed.emplace(*run.validation, validation, rows, false, fitting.validation_steps);
    run.validation_feed = &*validation_feed;
    run.validation_spec.size = validation.size();
  }
  FitOptions watched = fitting;
  if (auto checkpoints = fitting.checkpoint_dir.callback(fitting.checkpoint_every)) {
    watched.callbacks.emplace_back(std::move(checkpoints));
  }
  if (fitting.distribute) {
    run.sharing = {.processes = data.processes, .asked = fitting.stop};
    watched.stop = run.sharing.agreed;
    if (fitting.distribute->rank() > 0) {
      watched.verbose = 0;
      watched.callbacks = callbacks_of_others(watched.callbacks);
    }
  }
  History history = train(*this, run, watched);
  if (!on_batch)
    card.history.insert(card.history.end(), history.epochs.begin(), history.epochs.end());
  return history;
}

// Moments that processes have in slices are gathered after each epoch, for callbacks that save the
// model. Callbacks that watch batches may save it after each of them. All processes ask, since one
// may have another callback.
static bool updates_pay_in_slices(Communicator& processes, int64_t samples,
                                  const FitOptions& options) {
  constexpr int64_t kSteps = 8;
  const int64_t steps = options.steps_per_epoch > 0
                            ? options.steps_per_epoch
                            : (samples + options.batch_size - 1) / options.batch_size;
  return !is_true_of_any(processes, watch_batches(options.callbacks) || steps < kSteps);
}

History Model::fit(const Source& source, const FitOptions& options) {
  const FloatMode mode;
  check_options(options);
  impl_->require_loss();
  require("fit", !source.spec().x.empty(), "data of one input at least", "none");
  if (!built()) build_for(source.spec());
  const auto impl = impl_;
  const ModelUse::Fit fitting(impl->use, impl->where());
  const Spec given = impl_->remembered(source.spec());
  impl_->check_data(given);
  require_class_of_samples(options.class_weight, graph());
  int64_t trained = given.size;
  if (options.validation_data) {
    require("fit", options.validation_data->size() > 0, "a sample in validation_data", "none");
    impl_->check_data(options.validation_data->spec());
  } else if (options.validation_split > 0) {
    trained = static_cast<int64_t>(
        std::floor(static_cast<double>(given.size) * (1 - options.validation_split)));
    if (given.size > 0) require_both_parts(options.validation_split, given.size, trained);
  }
  require("fit", trained >= 1, "at least one sample",
          "batch_size " + std::to_string(options.batch_size) + " and " + std::to_string(trained) +
              " samples");

  const std::shared_ptr<Team> team = impl_->execution.team ? impl_->execution.team : process_team();
  const int64_t passes = options.epochs - options.initial_epoch;
  const Compact compact(source, given, passes, *team);
  const Weighed weighed(compact.source(), options.sample_weight, options.class_weight);
  const Source& all = weighed.source();
  const Spec spec = impl_->remembered(all.spec());
  const SourceRange samples{&all, 0, trained};
  SourceRange validation;
  if (trained < given.size) validation = {&all, trained, given.size};
  impl_->data_spec = given;
  std::optional<Compact> compact_validation;
  std::optional<Weighed> weighed_validation;
  if (options.validation_data) {
    const Dataset& data = *options.validation_data;
    compact_validation.emplace(data, impl_->remembered(data.spec()), passes, *team);
    weighed_validation.emplace(compact_validation->source(), Tensor(), options.class_weight);
    validation = {&weighed_validation->source(), 0, data.size()};
  }
  FitOptions fitted = options;
  fitted.batch_size = std::min(options.batch_size, samples.size());
  if (options.distribute) require_shards(*options.distribute, impl_->compiled->shards);
  std::shared_ptr<TimedExchanges> processes;
  if (options.distribute) {
    processes =
        std::make_shared<TimedExchanges>(std::make_shared<BackgroundExchanges>(options.distribute));
  }
  fitted.distribute = processes;
  const auto training =
      impl_->executor_of(processes, spec, Mode::training, fitted.batch_size,
                         processes && updates_pay_in_slices(*processes, samples.size(), fitted));
  SourceFeed feed(*training, samples, fitted.batch_size, options.shuffle, options.steps_per_epoch);
  if (!impl_->on_batch) impl_->keep_sample(source);
  const TrainingData data{.spec = spec,
                          .samples = std::min(samples.size(), feed.steps() * fitted.batch_size),
                          .steps = feed.steps(),
                          .processes = processes.get(),
                          .settings = [&] { return data_settings(source); }};
  return impl->fit(Model(impl), *training, feed, data, validation, fitted);
}

History Model::fit(Tensors x, Tensors y, const FitOptions& options) {
  return fit(Dataset(std::move(x), std::move(y)), options);
}

History Model::fit(Stream& stream, const FitOptions& options) {
  const FloatMode mode;
  check_options(options);
  impl_->require_loss();
  require("fit", options.distribute == nullptr, "samples by number, for several processes",
          "a stream, of which each process would have its own");
  require("fit", options.validation_split == 0, "validation_data beside a stream",
          "a validation_split of a stream, whose length is not known");
  require("fit", options.sample_weight.size() == 0,
          "a stream that gives its samples' weights itself", "sample_weight");
  WeighedStream weighed(stream, options.class_weight);
  const Spec spec = impl_->remembered(weighed.spec());
  require("fit", !spec.x.empty(), "data of one input at least", "none");
  if (!built()) build_for(spec);
  const auto impl = impl_;
  const ModelUse::Fit fitting(impl->use, impl->where());
  impl_->check_data(spec);
  require_class_of_samples(options.class_weight, graph());
  std::optional<Weighed> weighed_validation;
  SourceRange validation;
  if (options.validation_data) {
    weighed_validation.emplace(*options.validation_data, Tensor(), options.class_weight);
    validation = {&weighed_validation->source(), 0, options.validation_data->size()};
    require("fit", validation.size() > 0, "a sample in validation_data", "none");
    impl_->check_data(validation.source->spec());
  }
  impl_->data_spec = impl_->remembered(stream.spec());
  const auto training = impl_->executor(spec, Mode::training, options.batch_size);
  StreamFeed feed(*training, weighed, options.batch_size, options.steps_per_epoch);
  const TrainingData data{
      .spec = spec,
      .samples = options.steps_per_epoch * options.batch_size,
      .steps = options.steps_per_epoch,
      .settings = [&] { return data_settings(stream.spec()); },
  };
  return impl->fit(Model(impl), *training, feed, data, validation, options);
}

Logs Model::evaluate(const Source& source, const EvaluateOptions& options) const {
  const FloatMode mode;
  require_count("evaluate", options.batch_size, 1, "batch_size");
  require_count("evaluate", options.steps, 0, "steps");
  impl_->require_built();
  impl_->require_loss();
  const auto impl = impl_;
  const ModelUse::Reading reading(impl->use);
  const Weighed weighed(source, options.sample_weight, options.class_weight);
  const Spec spec = impl_->remembered(weighed.source().spec());
  impl_->check_data(spec);
  require_class_of_samples(options.class_weight, graph());
  require_count("evaluate", spec.size, 1, "samples");
  const auto begin = std::chrono::steady_clock::now();
  const int64_t batch_size = std::min(options.batch_size, spec.size);
  const auto executor = impl_->executor(spec, Mode::evaluate, batch_size);
  SourceFeed feed(*executor, {&weighed.source(), 0, spec.size}, batch_size, false, options.steps);
  auto workspace = impl_->executors.workspace(executor);
  const ProgressSize all{std::min(spec.size, feed.steps() * batch_size), feed.steps()};
  Progress progress(options.verbose, {options.stream, options.progress_style, options.live_bar});
  progress.begin_evaluation(all);
  const Logs logs =
      cornu::evaluate(*executor, *workspace, feed, spec, impl_->compiled_outputs.counted,
                      options.callbacks, options.stop, &progress);
  if (options.stop.stop_requested()) return logs;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  progress.end_evaluation(all, seconds.count(), logs);
  return logs;
}

Logs Model::evaluate(Tensors x, Tensors y, const EvaluateOptions& options) const {
  return evaluate(Dataset(std::move(x), std::move(y)), options);
}

Logs Model::train_on_batch(const Source& source, const BatchOptions& options) {
  FitOptions once{.verbose = 0,
                  .shuffle = false,
                  .sample_weight = options.sample_weight,
                  .class_weight = options.class_weight};
  once.batch_size = std::max<int64_t>(1, source.spec().size);
  const auto impl = impl_;
  const struct OnBatch {
    bool& flag;
    explicit OnBatch(bool& given) : flag(given) { flag = true; }
    ~OnBatch() { flag = false; }
  } on_batch(impl->on_batch);
  return fit(source, once).last();
}

Logs Model::train_on_batch(Tensors x, Tensors y, const BatchOptions& options) {
  return train_on_batch(Dataset(std::move(x), std::move(y)), options);
}

Logs Model::test_on_batch(const Source& source, const BatchOptions& options) const {
  return evaluate(source, {.batch_size = std::max<int64_t>(1, source.spec().size),
                           .sample_weight = options.sample_weight,
                           .class_weight = options.class_weight});
}

Logs Model::test_on_batch(Tensors x, Tensors y, const BatchOptions& options) const {
  return test_on_batch(Dataset(std::move(x), std::move(y)), options);
}

}  // namespace cornu::inline v0
