#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

#include "cornu/core/array.h"
#include "cornu/core/error.h"
#include "cornu/models/model_internal.h"
#include "cornu/models/not_a_number.h"
#include "cornu/models/predictor_internal.h"
#include "cornu/plan/batches.h"
#include "cornu/plan/check_batch.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

/// Inputs in the caller's own memory, rows in order.
class ViewSource final : public Source {
 public:
  ViewSource(std::vector<TensorView> x, std::vector<Field> fields)
      : x_(std::move(x)), spec_{.x = std::move(fields), .y = {}, .size = x_[0].shape()[0]} {}
  Spec spec() const override { return spec_; }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    for (size_t i = 0; i < x_.size(); ++i) {
      if (ids.empty() || batch.is_in_place(i)) continue;
      const auto first = static_cast<int64_t>(ids.front());
      const TensorView from = x_[i].rows(first, first + static_cast<int64_t>(ids.size()));
      const size_t bytes = from.nbytes() / ids.size();
      std::byte* const to = batch.x[i].data() + static_cast<size_t>(row) * bytes;
      std::memcpy(to, from.data(), from.nbytes());
    }
  }
  TensorView stored_x(size_t i) const override { return x_[i]; }

 private:
  std::vector<TensorView> x_;
  Spec spec_;
};

/// Reads the batches of a source in order and collects their outputs.
class PredictionSteps final : public Steps {
 public:
  PredictionSteps(const Source& source, const Executor& executor, const Workspace& workspace,
                  int64_t batch_size, std::vector<Tensor> y, const StopToken& stop,
                  Progress* progress)
      : executor_(executor),
        workspace_(workspace),
        stop_(stop),
        progress_(progress),
        check_(executor.plan(), source.spec()),
        ids_(static_cast<size_t>(source.spec().size)),
        batches_(source, executor.plan(), batch_size, executor.members(batch_size),
                 SampleOrder::ascending),
        y_(std::move(y)) {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
    batches_.begin(ids_);
    for (Tensor& y_pred : y_) to_.push_back(y_pred.data());
  }

  /// Each run takes one batch instead of all.
  void one_at_a_time() { pauses_ = true; }
  void go_on() { paused_ = false; }

  Step next() override {
    if (paused_ || stop_.stop_requested()) return {};
    paused_ = pauses_;
    return {batches_.next(), {}};
  }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    batches_.gather(*step.batch, begin, end);
    check_(*step.batch, begin, end);
  }

  void done(const Step& step) override {
    for (size_t i = 0; i < y_.size(); ++i) {
      const TensorView part =
          executor_.value(executor_.plan().outputs[i], workspace_, step.batch->rows);
      refuse_not_a_number(part, *step.batch, executor_.plan());
      std::memcpy(to_[i], part.data(), part.nbytes());
      to_[i] += part.nbytes();
    }
    rows_ += step.batch->rows;
    if (progress_ != nullptr) progress_->step(rows_, {});
  }

  /// Whether a stop has left samples without outputs.
  bool stopped() const { return rows_ < static_cast<int64_t>(ids_.size()); }
  /// The outputs of the samples that were read.
  std::vector<Tensor> y() && {
    if (stopped()) {
      for (Tensor& each : y_) each = Tensor(each.view().rows(0, rows_));
    }
    return std::move(y_);
  }

 private:
  const Executor& executor_;
  const Workspace& workspace_;
  const StopToken& stop_;
  Progress* const progress_;
  const BatchCheck check_;
  std::vector<uint64_t> ids_;
  Batches batches_;
  std::vector<Tensor> y_;
  std::vector<std::byte*> to_;
  int64_t rows_ = 0;
  bool pauses_ = false, paused_ = false;
};

// Samples per step where nobody watches the steps. Each member reads the samples of two: of the
// present one, and of the next, whose zeros it lists; both should stay in a cache of its own.
int64_t samples_per_step(const Spec& spec, int64_t batch_size) {
  constexpr int64_t kLeast = 128, kGrain = 32, kCached = 600'000;
  int64_t bytes = 1;
  for (const Field& x : spec.x) {
    bytes += x.stored().size() * static_cast<int64_t>(itemsize(x.encoding.dtype));
  }
  return std::min(batch_size, std::max(kLeast, kCached / bytes / kGrain * kGrain));
}

void require_one(const std::string& where, size_t found, const char* what, const char* hint) {
  if (found == 1) return;
  throw Error({.where = where,
               .expected = std::string("a network of one ") + what,
               .found = std::to_string(found),
               .hint = hint});
}

}  // namespace

Tensor Model::predict(TensorView x) const {
  impl_->require_built();
  require_one("predict", graph().outputs().size(), "output", "predict_all({x}) gives them all");
  return std::move(predict_all(std::vector{x})[0]);
}

Tensor Model::predict(std::initializer_list<TensorView> x) const {
  impl_->require_built();
  require_one("predict", graph().outputs().size(), "output", "predict_all({a, b}) gives them all");
  return std::move(predict_all(std::vector(x))[0]);
}

Tensor Model::predict(const Source& source, const PredictOptions& options) const {
  impl_->require_built();
  require_one("predict", graph().outputs().size(), "output", "predict_all(data) gives them all");
  return std::move(predict_all(source, options)[0]);
}

std::vector<Tensor> Model::predict_all(const std::vector<TensorView>& x,
                                       const PredictOptions& options) const {
  impl_->require_built();
  const size_t inputs = graph().inputs().size();
  if (x.size() != inputs) {
    throw Error({.where = "predict",
                 .expected = std::to_string(inputs) + (inputs == 1 ? " input" : " inputs"),
                 .found = std::to_string(x.size()),
                 .hint = "predict({a, b}) takes several"});
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < inputs; ++i) {
    const Shape sample = graph().shape(graph().inputs()[i]).without_rows();
    const bool fits = x[i].shape().ndim() > 0 && x[i].shape().without_rows() == sample;
    if (!fits || x[i].shape()[0] != x[0].shape()[0]) {
      throw Error({.where = "predict",
                   .expected = "inputs of shape " + sample.with_rows().str() +
                               (fits ? ", as many as of the first" : ""),
                   .found = x[i].shape().str(),
                   .hint = x[i].shape() == sample
                               ? "one sample is a batch of one: put an axis of 1 in front"
                               : ""});
    }
    fields.push_back(impl_->field_of(i, x[i].dtype()));
  }
  return predict_all(ViewSource(x, std::move(fields)), options);
}

std::vector<Tensor> Model::predict_all(const Source& source, const PredictOptions& options) const {
  impl_->require_built();
  const auto impl = impl_;
  const ModelUse::Reading reading(impl->use);
  const Spec spec = impl_->remembered(source.spec());
  check_inputs(graph(), spec);
  const Spec inputs{.x = spec.x, .y = {}, .size = spec.size};
  if (options.batch_size < 1) {
    throw Error({.where = "predict",
                 .expected = "batch_size > 0",
                 .found = std::to_string(options.batch_size)});
  }
  const bool is_watched = options.verbose != 0 || !options.callbacks.empty();
  const int64_t most = is_watched ? options.batch_size : samples_per_step(spec, options.batch_size);
  const int64_t batch_size = std::clamp<int64_t>(spec.size, 1, most);
  const auto kept = impl_->executor(inputs, Mode::predict, batch_size);
  const Executor& executor = *kept;
  auto workspace = impl_->executors.workspace(kept);
  std::vector<Tensor> y;
  for (const int output : graph().outputs()) {
    y.emplace_back(graph().shape(output).with_rows(spec.size));
  }
  const ProgressSize all{spec.size, (spec.size + batch_size - 1) / batch_size};
  // One row takes microseconds, of which looking for a terminal would be some.
  std::optional<Progress> progress;
  if (options.verbose != 0) {
    progress.emplace(options.verbose,
                     ProgressView{options.stream, options.progress_style, options.live_bar});
    progress->begin_evaluation(all);
  }
  PredictionSteps steps(source, executor, *workspace, batch_size, std::move(y), options.stop,
                        progress ? &*progress : nullptr);
  for (const auto& each : options.callbacks) each->on_predict_begin();
  if (watch_batches(options.callbacks)) {
    steps.one_at_a_time();
    for (int64_t step = 0; step < all.steps && !options.stop.stop_requested(); ++step) {
      for (const auto& each : options.callbacks) each->on_predict_batch_begin(step);
      steps.go_on();
      executor.run(steps, *workspace);
      for (const auto& each : options.callbacks) each->on_predict_batch_end(step);
    }
  } else {
    executor.run(steps, *workspace);
  }
  if (steps.stopped()) return std::move(steps).y();
  if (progress) progress->end_evaluation(all, progress->seconds(), {});
  for (const auto& each : options.callbacks) each->on_predict_end();
  return std::move(steps).y();
}

Predictor Model::predictor(const PredictorOptions& options) const {
  impl_->require_built();
  require_one("predictor", graph().inputs().size(), "input", "predict_all() takes several");
  require_one("predictor", graph().outputs().size(), "output", "predict_all() gives several");
  if (options.rows < 1) {
    throw Error(
        {.where = "predictor", .expected = "rows > 0", .found = std::to_string(options.rows)});
  }
  auto made = std::make_unique<Predictor::Impl>();
  const Field field = impl_->field_of(0, options.dtype);
  made->sample = field.shape;
  const Spec spec{.x = {field}, .y = {}, .size = options.rows};
  check_inputs(graph(), spec);
  made->graph = graph();
  const Plan plan = impl_->plan(spec, Mode::predict, options.rows);
  const auto bind = [&made](const Slot& slot) -> std::byte* {
    Weight* const weight = made->graph.find_weight(slot.name);
    return weight == nullptr ? nullptr : weight->value.data();
  };
  made->executor = make_executor(
      plan, bind,
      {.target = impl_->execution.target, .team = nullptr, .without = impl_->execution.without});
  made->workspace = made->executor->make_workspace();
  made->check.emplace(made->executor->plan(), spec);
  made->batch = make_batch(spec, options.rows);
  made->ids.resize(static_cast<size_t>(options.rows));
  std::iota(made->ids.begin(), made->ids.end(), uint64_t{0});
  made->batch.sample = made->ids;
  return Predictor(std::move(made));
}

namespace {

// A single output is the probability of class 1, or its logit if the loss takes logits.
Tensor classes_of(const Tensor& y, const std::optional<CompileOptions>& compiled) {
  if (y.shape().ndim() == 0 || y.shape().back() != 1) return argmax(y);
  const auto from_logits = [&] {
    if (!compiled || !compiled->loss) return false;
    const Value::Map config = (*compiled->loss)->config();
    return std::ranges::find(config, std::pair<std::string, Value>("from_logits", true)) !=
           config.end();
  };
  const float threshold = from_logits() ? 0.0F : 0.5F;
  Tensor classes = argmax(y);  // for its shape
  const std::span<const float> values = y.view().span<float>();
  std::ranges::transform(values, classes.span<int64_t>().begin(),
                         [threshold](float value) { return value > threshold ? 1 : 0; });
  return classes;
}

}  // namespace

Tensor Model::predict_classes(TensorView x) const {
  return classes_of(predict(x), impl_->compiled);
}
Tensor Model::predict_classes(const Source& source, const PredictOptions& options) const {
  return classes_of(predict(source, options), impl_->compiled);
}

}  // namespace cornu::inline v0
