#include "cornu/models/model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "cornu/core/array.h"
#include "cornu/core/error.h"
#include "cornu/core/float_mode.h"
#include "cornu/models/executor_cache.h"
#include "cornu/models/model_layer.h"
#include "cornu/models/predictor_internal.h"
#include "cornu/plan/batches.h"
#include "cornu/plan/measure.h"
#include "cornu/plan/passes.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {
namespace {

constexpr int64_t kPredictRows = 256;

Error not_yet(const std::string& where, const char* what, const char* hint) {
  return Error({.where = where, .what = what, .hint = hint});
}

void require_finite(const std::vector<NamedWeight>& weights, const char* when) {
  for (const NamedWeight& each : weights) {
    const auto values = std::as_const(each.weight->value).span<float>();
    const auto bad =
        std::find_if(values.begin(), values.end(), [](float x) { return !std::isfinite(x); });
    if (bad == values.end()) continue;
    throw Error(
        {.where = "weight " + each.name,
         .what = std::string("holds a number that is not finite ") + when,
         .found = std::to_string(*bad) + " at element " + std::to_string(bad - values.begin()),
         .hint = "a smaller learning_rate, inputs scaled to [0, 1]"});
  }
}

int64_t rows_at_once(const Spec& spec) {
  return std::min(spec.size, kPredictRows);
}

/// Inputs in the caller's own memory, rows in order.
class ViewSource final : public Source {
 public:
  ViewSource(TensorView x, Field field)
      : x_(x), spec_{.x = {field}, .y = {}, .size = x.shape()[0]} {}
  Spec spec() const override { return spec_; }
  void fill(std::span<const uint64_t> ids, int64_t row, Batch& batch) const override {
    if (ids.empty() || batch.is_in_place(0)) return;
    const auto first = static_cast<int64_t>(ids.front());
    const TensorView from = x_.rows(first, first + static_cast<int64_t>(ids.size()));
    const size_t bytes = from.nbytes() / ids.size();
    std::memcpy(batch.x[0].data() + static_cast<size_t>(row) * bytes, from.data(), from.nbytes());
  }
  TensorView stored_x(size_t) const override { return x_; }

 private:
  TensorView x_;
  Spec spec_;
};

/// Batches of a source in order, and the outputs one after the other.
class PredictionSteps final : public Steps {
 public:
  PredictionSteps(const Source& source, const Executor& executor, const Workspace& workspace,
                  Tensor y)
      : executor_(executor),
        workspace_(workspace),
        ids_(static_cast<size_t>(source.spec().size)),
        batches_(source, executor.plan(), rows_at_once(source.spec()),
                 executor.members(rows_at_once(source.spec())), SampleOrder::ascending),
        y_(std::move(y)),
        to_(y_.data()) {
    std::iota(ids_.begin(), ids_.end(), uint64_t{0});
    batches_.begin(ids_);
  }

  Step next() override { return {batches_.next(), {}}; }
  void gather(const Step& step, int64_t begin, int64_t end) override {
    batches_.gather(*step.batch, begin, end);
  }

  void done(const Step& step) override {
    const TensorView part =
        executor_.value(executor_.plan().outputs[0], workspace_, step.batch->rows);
    std::memcpy(to_, part.data(), part.nbytes());
    to_ += part.nbytes();
  }

  Tensor y() && { return std::move(y_); }

 private:
  const Executor& executor_;
  const Workspace& workspace_;
  std::vector<uint64_t> ids_;
  Batches batches_;
  Tensor y_;
  std::byte* to_;
};

}  // namespace

struct Model::Impl {
  ModelOptions options;
  bool built = false;
  SymbolicTensors inputs, outputs;
  Graph graph;
  mutable std::optional<Layer> as_layer;
  std::optional<CompileOptions> compiled;
  ExecutionOptions execution;
  std::map<std::string, Tensor> optimizer_state;
  uint64_t epochs_begun = 0;
  Spec data_spec;
  mutable ExecutorCache executors;

  std::string where() const { return "model \"" + options.name + "\""; }

  void require_built() const {
    if (built) return;
    throw not_yet(where(), "is not built yet",
                  "call build({784}), begin with Input({784}), or fit it first");
  }

  void require_compiled() const {
    if (compiled) return;
    throw not_yet(where(), "is not compiled yet",
                  "call compile({.optimizer = \"adam\", .loss = …, .metrics = {\"accuracy\"}})");
  }

  void require_loss() const {
    require_compiled();
    if (compiled->loss) return;
    throw not_yet(where(), "is compiled without a loss", "name one in compile({.loss = …})");
  }

  void check_data(const Spec& spec) const {
    check_inputs(graph, spec);
    if (spec.y.size() != graph.outputs().size()) {
      throw Error({.where = where(),
                   .expected = std::to_string(graph.outputs().size()) + " targets",
                   .found = std::to_string(spec.y.size())});
    }
    const Shape& y_pred = graph.shape(graph.outputs()[0]);
    (*compiled->loss)->check(spec.y[0], y_pred);
    for (const Metric& metric : compiled->metrics) metric->check(spec.y[0], y_pred);
  }

  // Samples of that dtype: as those of the training data are encoded where they have it too.
  Field field_of(const Shape& sample, DType dtype) const {
    if (!data_spec.x.empty() && data_spec.x[0].encoding.dtype == dtype) {
      return {sample, data_spec.x[0].encoding};
    }
    return {sample, {.dtype = dtype}};
  }

  Plan plan(const Spec& spec, Mode mode, int64_t capacity) const {
    return plan(spec, mode, capacity, execution.team ? execution.team->size() : default_threads());
  }

  Plan plan(const Spec& spec, Mode mode, int64_t capacity, int threads) const {
    std::vector<Loss> losses;
    if (mode != Mode::predict) losses.push_back(*compiled->loss);
    const Optimizer* optimizer = mode == Mode::training ? &compiled->optimizer : nullptr;
    Plan plan = make_plan(graph, spec, losses, optimizer, {.mode = mode, .capacity = capacity});
    const bool worth_it = plan.flops(capacity) >= execution.minimum_work;
    return improve(std::move(plan), execution.without, worth_it ? threads : 1);
  }

  Plan checked_plan(const Spec& spec, Mode mode, int64_t batch_size) const;

  // What a weight holds now, or a state before the first step.
  void set_initial(const Slot& slot, Tensor& memory) const {
    for (const NamedWeight& each : graph.weights()) {
      if (each.name == slot.name) memory = each.weight->value;
    }
    if (slot.kind != SlotKind::state) return;
    if (slot.dtype == DType::float64) {
      std::ranges::fill(memory.span<double>(), slot.initial);
    } else {
      std::ranges::fill(memory.span<float>(), static_cast<float>(slot.initial));
    }
  }

  // Threads are started when a plan first wants them.
  ExecutorOptions executor_options(const Plan& made) const {
    const auto team = made.members == 1 ? nullptr
                      : execution.team  ? execution.team
                                        : process_team();
    return {.target = execution.target, .team = team, .minimum_work = execution.minimum_work};
  }

  // The memory of a weight or a state; a state is made, and set, when a plan first asks for it.
  std::byte* bind(const Slot& slot) {
    if (slot.kind == SlotKind::state) {
      const auto [found, made] = optimizer_state.try_emplace(slot.name, slot.shape, slot.dtype);
      if (made) set_initial(slot, found->second);
      return found->second.data();
    }
    for (const NamedWeight& each : graph.weights()) {
      if (each.name == slot.name) return each.weight->value.data();
    }
    return nullptr;
  }

  const Executor& executor(const Spec& spec, Mode mode, int64_t capacity) {
    return executors.get(spec, mode, capacity, [&] {
      Plan made = plan(spec, mode, capacity);
      const ExecutorOptions how = executor_options(made);
      return make_executor(
          std::move(made), [this](const Slot& slot) { return bind(slot); }, how);
    });
  }
};

Model::Model(ModelOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
}

Model::Model(SymbolicTensors inputs, SymbolicTensors outputs, ModelOptions options)
    : Model(std::move(options)) {
  if (impl_->options.name.empty()) impl_->options.name = "functional";
  set_network(std::move(inputs), std::move(outputs), Graph::Inputs::as_layers);
}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

const std::string& Model::name() const {
  return impl_->options.name;
}
bool Model::built() const {
  return impl_->built;
}
uint64_t Model::seed() const {
  return impl_->options.seed;
}

const Graph& Model::graph() const {
  impl_->require_built();
  return impl_->graph;
}

std::vector<Layer> Model::layers() const {
  return graph().layers();
}

Layer Model::get_layer(std::string_view wanted) const {
  std::vector<std::string> names;
  for (const Layer& layer : layers()) {
    if (layer.name() == wanted) return layer;
    names.push_back(layer.name());
  }
  throw unknown_name(impl_->where(), "layer", wanted, names);
}

Layer Model::get_layer(int64_t index) const {
  const std::vector<Layer> all = layers();
  const auto count = static_cast<int64_t>(all.size());
  if (index >= -count && index < count) {
    return all[static_cast<size_t>(index < 0 ? index + count : index)];
  }
  throw Error({.where = impl_->where(),
               .expected = "a layer's index below " + std::to_string(count),
               .found = std::to_string(index)});
}

const SymbolicTensors& Model::inputs() const {
  impl_->require_built();
  return impl_->inputs;
}

const SymbolicTensors& Model::outputs() const {
  impl_->require_built();
  return impl_->outputs;
}

Layer Model::as_layer() const {
  impl_->require_built();
  if (!impl_->as_layer) impl_->as_layer = model_layer(impl_->graph, type(), name());
  return *impl_->as_layer;
}

void Model::set_trainable(bool trainable) {
  for (Layer& layer : layers()) layer.set_trainable(trainable);
}

std::vector<std::pair<std::string, TensorView>> Model::weights() const {
  std::vector<std::pair<std::string, TensorView>> all;
  for (const NamedWeight& each : graph().weights()) all.emplace_back(each.name, each.weight->value);
  return all;
}

void Model::set_weight(std::string_view weight_name, TensorView values) {
  std::vector<std::string> names;
  for (const NamedWeight& each : graph().weights()) {
    names.push_back(each.name);
    if (each.name != weight_name) continue;
    Tensor& value = each.weight->value;
    if (!(values.shape() == value.shape()) || values.dtype() != DType::float32) {
      throw Error({.where = "weight " + each.name,
                   .expected = "float32 values of shape " + value.shape().str(),
                   .found = std::string(cornu::name(values.dtype())) + " of shape " +
                            values.shape().str()});
    }
    if (value.nbytes() > 0) std::memcpy(value.data(), values.data(), value.nbytes());
    require_finite({each}, "as it is set");
    return;
  }
  throw unknown_name(impl_->where(), "weight", weight_name, names);
}

void Model::compile(CompileOptions options) {
  impl_->graph.fix_trainable();
  impl_->execution = options.execution;
  impl_->compiled = std::move(options);
  impl_->optimizer_state.clear();
  impl_->executors.clear();
}

bool Model::compiled() const {
  return impl_->compiled.has_value();
}

const CompileOptions& Model::compile_options() const {
  impl_->require_compiled();
  return *impl_->compiled;
}

void Model::execute_with(ExecutionOptions options) {
  impl_->execution = std::move(options);
  impl_->executors.clear();
}

History Model::fit(const Source& source, const FitOptions& options) {
  const FloatMode mode;
  impl_->require_loss();
  const Spec spec = source.spec();
  if (!built()) build_for(spec);
  impl_->check_data(spec);
  SourceRange samples{&source, 0, spec.size};
  SourceRange validation;
  if (options.validation_data) {
    validation = {&*options.validation_data, 0, options.validation_data->size()};
    impl_->check_data(options.validation_data->spec());
  } else if (options.validation_split != 0) {
    if (!(options.validation_split > 0 && options.validation_split < 1)) {
      throw Error({.where = "fit",
                   .expected = "0 <= validation_split < 1",
                   .found = shortest(options.validation_split)});
    }
    samples.end = static_cast<int64_t>(
        std::floor(static_cast<double>(spec.size) * (1 - options.validation_split)));
    validation = {&source, samples.end, spec.size};
  }
  if (options.batch_size < 1 || samples.size() < 1) {
    throw Error({.where = "fit",
                 .expected = "batch_size > 0 and at least one sample",
                 .found = "batch_size " + std::to_string(options.batch_size) + " and " +
                          std::to_string(samples.size()) + " samples"});
  }
  FitOptions fitted = options;
  fitted.batch_size = std::min(options.batch_size, std::max<int64_t>(samples.size(), 1));
  impl_->data_spec = spec;
  const Executor* validating = nullptr;
  if (validation.size() > 0) {
    validating = &impl_->executor(validation.source->spec(), Mode::evaluate, fitted.batch_size);
  }
  const Trainable trainable{
      .training = impl_->executor(spec, Mode::training, fitted.batch_size),
      .validation = validating,
      .metrics = impl_->compiled->metrics,
      .learning_rate = impl_->compiled->optimizer->learning_rate(),
      .seed = seed(),
      .epochs_begun = impl_->epochs_begun,
      .check_weights = [this] { require_finite(graph().weights(), "after an epoch of training"); }};
  return train(trainable, samples, validation, fitted);
}

History Model::fit(Tensor x, Tensor y, const FitOptions& options) {
  const Dataset dataset(std::move(x), std::move(y));
  return fit(dataset, options);
}

Logs Model::evaluate(const Source& source, const EvaluateOptions& options) const {
  const FloatMode mode;
  impl_->require_built();
  impl_->require_loss();
  const Spec spec = source.spec();
  impl_->check_data(spec);
  if (options.batch_size < 1) {
    throw Error({.where = "evaluate",
                 .expected = "batch_size > 0",
                 .found = std::to_string(options.batch_size)});
  }
  const auto begin = std::chrono::steady_clock::now();
  const Executor& executor = impl_->executor(spec, Mode::evaluate, options.batch_size);
  const Logs logs = cornu::evaluate(executor, {&source, 0, spec.size}, impl_->compiled->metrics,
                                    options.batch_size);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  Progress(options.verbose, options.stream).end_evaluation(spec.size, seconds.count(), logs);
  return logs;
}

Tensor Model::predict(TensorView x) const {
  impl_->require_built();
  const Shape sample = graph().shape(graph().inputs()[0]).without_rows();
  if (x.shape().ndim() == 0 || !(x.shape().without_rows() == sample)) {
    throw Error({.where = "predict",
                 .expected = "inputs of shape " + sample.with_rows().str(),
                 .found = x.shape().str(),
                 .hint = x.shape() == sample
                             ? "one sample is a batch of one: put an axis of 1 in front"
                             : ""});
  }
  return predict(ViewSource(x, impl_->field_of(sample, x.dtype())));
}

Tensor Model::predict(const Source& source) const {
  impl_->require_built();
  const Spec spec = source.spec();
  check_inputs(graph(), spec);
  const Spec inputs{.x = spec.x, .y = {}, .size = spec.size};
  const Executor& executor = impl_->executor(inputs, Mode::predict, kPredictRows);
  auto workspace = impl_->executors.workspace(executor);
  PredictionSteps steps(source, executor, *workspace,
                        Tensor(graph().shape(graph().outputs()[0]).with_rows(spec.size)));
  executor.run(steps, *workspace);
  return std::move(steps).y();
}

Predictor Model::predictor(const PredictorOptions& options) const {
  impl_->require_built();
  if (options.rows < 1) {
    throw Error(
        {.where = "predictor", .expected = "rows > 0", .found = std::to_string(options.rows)});
  }
  auto made = std::make_unique<Predictor::Impl>();
  made->sample = graph().shape(graph().inputs()[0]).without_rows();
  const Spec spec{
      .x = {impl_->field_of(made->sample, options.dtype)}, .y = {}, .size = options.rows};
  check_inputs(graph(), spec);
  made->graph = graph();
  const Plan plan = impl_->plan(spec, Mode::predict, options.rows, 1);
  const auto bind = [&made](const Slot& slot) -> std::byte* {
    for (const NamedWeight& each : made->graph.weights()) {
      if (each.name == slot.name) return each.weight->value.data();
    }
    return nullptr;
  };
  made->executor = make_executor(plan, bind, {.target = impl_->execution.target, .team = nullptr});
  made->workspace = made->executor->make_workspace();
  made->batch = make_batch(spec, options.rows);
  made->ids.resize(static_cast<size_t>(options.rows));
  made->batch.sample = made->ids;
  return Predictor(std::move(made));
}

Tensor Model::predict_classes(TensorView x) const {
  return argmax(predict(x));
}
Tensor Model::predict_classes(const Source& source) const {
  return argmax(predict(source));
}

Plan Model::Impl::checked_plan(const Spec& spec, Mode mode, int64_t batch_size) const {
  require_built();
  if (mode != Mode::predict) {
    require_loss();
    check_data(spec);
  }
  if (batch_size < 1) {
    throw Error(
        {.where = "explain", .expected = "batch_size > 0", .found = std::to_string(batch_size)});
  }
  return plan(spec, mode, batch_size);
}

std::string Model::explain(const Spec& spec, Mode mode, int64_t batch_size) const {
  return cornu::explain(impl_->checked_plan(spec, mode, batch_size));
}

std::string Model::explain_measured(const Source& source, Mode mode, int64_t batch_size) const {
  const Plan plan = impl_->checked_plan(source.spec(), mode, batch_size);
  std::map<std::string, Tensor> copies;
  const auto bind = [&](const Slot& slot) {
    const auto [found, made] = copies.try_emplace(slot.name, slot.shape, slot.dtype);
    if (made) impl_->set_initial(slot, found->second);
    return found->second.data();
  };
  return cornu::explain(plan, measure(plan, source, bind, impl_->executor_options(plan)));
}

const Spec& Model::data_spec() const {
  return impl_->data_spec;
}
void Model::set_data_spec(Spec spec) {
  impl_->data_spec = std::move(spec);
}

int Model::step_threads(const Spec& spec, int64_t batch_size) const {
  return impl_->executor(spec, Mode::training, batch_size).members(batch_size);
}

void Model::set_network(SymbolicTensors inputs, SymbolicTensors outputs, Graph::Inputs given) {
  const FloatMode mode;
  impl_->graph = Graph::between(inputs, outputs, given);
  impl_->graph.build(seed());
  impl_->graph.fix_trainable();
  impl_->inputs = std::move(inputs);
  impl_->outputs = std::move(outputs);
  impl_->built = true;
  impl_->as_layer.reset();
  impl_->executors.clear();
}

}  // namespace cornu::inline v0
