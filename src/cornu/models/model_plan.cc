#include <algorithm>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/models/model_internal.h"
#include "cornu/plan/measure.h"

namespace cornu::inline v0 {
namespace {

Error not_yet(const std::string& where, const char* what, const char* hint) {
  return Error({.where = where, .what = what, .hint = hint});
}

}  // namespace

void Model::Impl::require_built() const {
  if (built) return;
  throw not_yet(where(), "is not built yet",
                "call build({784}), begin with Input({784}), or fit it first");
}

void Model::Impl::require_compiled() const {
  if (compiled) return;
  throw not_yet(where(), "is not compiled yet",
                "call compile({.optimizer = \"adam\", .loss = …, .metrics = {\"accuracy\"}})");
}

void Model::Impl::require_loss() const {
  require_compiled();
  if (compiled->loss || !compiled->losses.empty()) return;
  throw not_yet(where(), "is compiled without a loss", "name one in compile({.loss = …})");
}

void Model::Impl::resolve() {
  if (!built || !compiled) return;
  compiled_outputs = for_outputs(*compiled, graph.output_names(), where());
}

void Model::Impl::network_changed() {
  as_layer.reset();
  resolve();
  executors.clear();
}

void Model::Impl::check_data(const Spec& spec) const {
  check_inputs(graph, spec);
  const size_t count = graph.outputs().size();
  if (spec.y.size() != count) {
    throw Error({.where = where(),
                 .expected = std::to_string(count) + (count == 1 ? " target" : " targets"),
                 .found = std::to_string(spec.y.size())});
  }
  if (spec.weights > 1 && spec.weights != count) {
    throw Error({.where = where(),
                 .expected = "one sample weight, or one per target",
                 .found = std::to_string(spec.weights)});
  }
  const auto y_pred = [&](size_t output) { return graph.shape(graph.outputs()[output]); };
  for (size_t i = 0; i < count; ++i) {
    const auto& loss = compiled_outputs.losses[i].loss;
    if (loss) (*loss)->check(spec.y[i], y_pred(i));
  }
  for (const OutputMetric& each : compiled_outputs.counted.metrics) {
    each.metric->check(spec.y[each.output], y_pred(each.output));
  }
}

Field Model::Impl::field_of(size_t input, DType dtype) const {
  const Shape sample = graph.shape(graph.inputs()[input]).without_rows();
  if (input < data_spec.x.size() && data_spec.x[input].encoding.dtype == dtype) {
    return {sample, data_spec.x[input].encoding};
  }
  return {sample, {.dtype = dtype}};
}

Spec Model::Impl::remembered(Spec spec) const {
  for (size_t i = 0; i < spec.x.size() && i < data_spec.x.size(); ++i) {
    InputEncoding& encoding = spec.x[i].encoding;
    if (encoding == InputEncoding{.dtype = data_spec.x[i].encoding.dtype}) {
      encoding = data_spec.x[i].encoding;
    }
  }
  return spec;
}

Plan Model::Impl::plan(const Spec& spec, Mode mode, int64_t capacity, const Part& part) const {
  const auto losses = mode == Mode::predict ? std::vector<OutputLoss>{} : compiled_outputs.losses;
  const Optimizer* optimizer = mode == Mode::training ? &compiled->optimizer : nullptr;
  std::vector<MetricLoss> metrics;
  for (const OutputMetric& each : compiled_outputs.counted.metrics) {
    if (mode == Mode::predict) break;
    metrics.push_back({each.metric->loss(), each.output});
    if (!metrics.back().loss) continue;
    each.metric->check(spec.y[each.output], graph.shape(graph.outputs()[each.output]));
  }
  Plan plan = make_plan(graph, spec, losses, optimizer,
                        {.mode = mode,
                         .capacity = capacity,
                         .shards = compiled ? compiled->shards : 1,
                         .part = part,
                         .metrics = std::move(metrics)});
  if (mode != Mode::predict) {
    for (const OutputMetric& each : compiled_outputs.counted.metrics) {
      plan.target_rules.push_back({each.output, each.metric->domain(), "metric " + each.name});
    }
  }
  return improve(std::move(plan), execution.without);
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
  return plan(remembered(spec), mode, batch_size);
}

void Model::Impl::set_initial(const Slot& slot, Tensor& memory) const {
  if (const Weight* const weight = graph.find_weight(slot.name)) memory = weight->value;
  if (slot.kind != SlotKind::state) return;
  if (slot.dtype == DType::float64) {
    std::ranges::fill(memory.span<double>(), slot.initial);
  } else {
    std::ranges::fill(memory.span<float>(), static_cast<float>(slot.initial));
  }
}

// Threads are started when a plan first needs them.
ExecutorOptions Model::Impl::executor_options(const Plan& made) const {
  const bool is_worth_it = made.flops(made.capacity) >= execution.minimum_work;
  return {.target = execution.target,
          .team = !is_worth_it     ? nullptr
                  : execution.team ? execution.team
                                   : process_team(),
          .minimum_work = execution.minimum_work,
          .without = execution.without};
}

std::byte* Model::Impl::bind(const Slot& slot) {
  if (slot.kind == SlotKind::state) {
    const auto [found, made] = optimizer_state.try_emplace(slot.name, slot.shape, slot.dtype);
    if (made) set_initial(slot, found->second);
    return found->second.data();
  }
  Weight* const weight = graph.find_weight(slot.name);
  return weight == nullptr ? nullptr : weight->value.data();
}

std::shared_ptr<const Executor> Model::Impl::executor(const Spec& spec, Mode mode,
                                                      int64_t capacity) {
  return executors.get(spec, mode, capacity, [&](int64_t rows) {
    Plan made = plan(spec, mode, rows);
    const ExecutorOptions how = executor_options(made);
    return make_executor(
        std::move(made), [this](const Slot& slot) { return bind(slot); }, how);
  });
}

std::shared_ptr<const Executor> Model::Impl::executor_of(
    const std::shared_ptr<Communicator>& processes, const Spec& spec, Mode mode, int64_t batch_size,
    bool updates_slices) {
  if (!processes) return executor(spec, mode, batch_size);
  const Part part = {
      .index = processes->rank(), .count = processes->size(), .updates_slices = updates_slices};
  // ⌈(s + own) · n / shards⌉ − ⌈s · n / shards⌉ is at most one more than n / count.
  const int64_t capacity = std::min(batch_size, batch_size / part.count + 1);
  Plan made = plan(spec, mode, capacity, part);
  ExecutorOptions how = executor_options(made);
  how.communicator = processes.get();
  return make_executor(
      std::move(made), [this](const Slot& slot) { return bind(slot); }, how);
}

std::string Model::explain(const Spec& spec, Mode mode, int64_t batch_size) const {
  const Plan plan = impl_->checked_plan(spec, mode, batch_size);
  const auto team = impl_->executor_options(plan).team;
  return cornu::explain(plan,
                        make_schedule(plan, team ? team->size() : 1, impl_->execution.without));
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

int Model::step_threads(const Spec& spec, int64_t batch_size) const {
  return impl_->executor(impl_->remembered(spec), Mode::training, batch_size)->members(batch_size);
}

}  // namespace cornu::inline v0
