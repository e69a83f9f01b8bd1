#include <utility>

#include "cornu/plan/passes.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {
namespace {

// Decodes stored elements to the network's numbers; `stored` is the slot of the batch's memory.
SlotId lower_input(Builder& b, const Field& field, SlotId stored) {
  const InputEncoding& encoding = field.encoding;
  if (encoding.dtype == b.real() && encoding.is_identity()) return stored;
  return b.emit_one(ops::Decode{encoding.divisor, encoding.offset}, {stored});
}

// Decodes stored targets: to one-hot rows if the encoding says so; labels stay labels; others
// become numbers.
SlotId lower_target(Builder& b, const Field& field, SlotId stored) {
  const InputEncoding& encoding = field.encoding;
  if (encoding.classes > 0) return b.emit_one(ops::OneHot{encoding.classes}, {stored});
  const bool labels = field.shape.size() == 1 && encoding.dtype != DType::float32;
  if (labels && encoding.is_identity()) return stored;
  return lower_input(b, field, stored);
}

/// Targets as losses read them, each decoded once.
class LoweredTargets {
 public:
  LoweredTargets(const Spec& spec, const Slots& stored)
      : spec_(spec), stored_(stored), lowered_(stored.size(), kNone) {}
  SlotId of(Builder& b, size_t output) {
    SlotId& target = lowered_[output];
    if (target == kNone) target = lower_target(b, spec_.y[output], stored_[output]);
    return target;
  }

 private:
  const Spec& spec_;
  const Slots& stored_;
  Slots lowered_;
};

void lower_losses(Builder& b, const Spec& spec, const std::vector<OutputLoss>& losses,
                  const std::vector<MetricLoss>& metrics, Plan& plan) {
  Slots weights;
  for (size_t i = 0; i < spec.weights; ++i) {
    plan.sample_weights.push_back(
        b.input("sample_weight" + std::to_string(i), Shape{kRows}, DType::float32));
    weights.push_back(lower_input(b, Field{}, plan.sample_weights[i]));
  }
  for (size_t i = 0; i < losses.size(); ++i) {
    const Field& field = spec.y[i];
    plan.targets.push_back(
        b.input("y" + std::to_string(i), field.stored().with_rows(), field.encoding.dtype));
  }
  LoweredTargets targets(spec, plan.targets);
  for (size_t i = 0; i < losses.size(); ++i) {
    if (!losses[i].loss) continue;
    const Shape& y_pred = b.slot(plan.outputs[i]).shape;
    const Loss loss = losses[i].loss->chosen(spec.y[i].shape.with_rows(), y_pred);
    loss->check(spec.y[i], y_pred);
    plan.target_rules.push_back({i, loss->domain(), "loss " + std::string(loss->name())});
    const auto scope = b.scope(loss->name());
    b.add_loss({.per_row = loss->lower(b, targets.of(b, i), plan.outputs[i]),
                .weight = losses[i].weight,
                .sample_weight = spec.weights == 0   ? kNone
                                 : spec.weights == 1 ? weights[0]
                                                     : weights[i],
                .output = i});
  }
  for (const MetricLoss& metric : metrics) {
    SlotId& values = plan.metric_losses.emplace_back(kNone);
    if (!metric.loss) continue;
    const Loss& loss = *metric.loss;
    const auto scope = b.scope(loss->name());
    values = loss->lower(b, targets.of(b, metric.output), plan.outputs[metric.output]);
  }
}

// The penalties of weights that train; a weight shared by layers counts once.
void lower_penalties(Builder& b, const Graph& graph) {
  for (const NamedWeight& each : graph.weights()) {
    const Regularizer& regularizer = each.weight->regularizer;
    const SlotId weight = b.weight(each.name);
    if (!regularizer || !b.slot(weight).trainable) continue;
    const auto scope = b.scope(each.name.substr(0, each.name.rfind('/')));
    b.add_penalty(regularizer->lower(b, weight));
    b.ops().back().split = Split::one;
  }
}

}  // namespace

void check_inputs(const Graph& graph, const Spec& spec) {
  if (spec.x.size() != graph.inputs().size()) {
    throw Error({.where = "model",
                 .expected = std::to_string(graph.inputs().size()) + " inputs",
                 .found = std::to_string(spec.x.size())});
  }
  for (size_t i = 0; i < spec.x.size(); ++i) {
    const Shape& expected = graph.shape(graph.inputs()[i]);
    const Shape found = spec.x[i].shape.with_rows();
    if (expected == found) continue;
    const bool flat = expected.without_rows().size() == found.without_rows().size();
    throw Error({.where = "model input",
                 .expected = "samples of shape " + expected.without_rows().str(),
                 .found = spec.x[i].shape.str(),
                 .hint = flat ? "reshape the data, or begin the model with Flatten" : ""});
  }
}

Slots Plan::results() const {
  Slots all = outputs;
  for (const LossTerm& loss : losses) all.push_back(loss.per_row);
  for (const SlotId values : metric_losses) {
    if (values != kNone) all.push_back(values);
  }
  all.insert(all.end(), penalties.begin(), penalties.end());
  return all;
}

SlotId Plan::reshaped(SlotId id, const Shape& shape) {
  if (slot(id).shape == shape) return id;
  Slot alias = slot(id);
  alias.base = base(id);
  alias.shape = shape;
  slots.push_back(std::move(alias));
  return static_cast<SlotId>(slots.size() - 1);
}

Plan make_plan(const Graph& graph, const Spec& spec, const std::vector<OutputLoss>& losses,
               const Optimizer* optimizer, const PlanOptions& options) {
  check_inputs(graph, spec);
  Builder b(options.real);
  graph.declare(b);
  Plan plan{.mode = options.mode, .real = options.real, .capacity = options.capacity};
  Slots x;
  for (size_t i = 0; i < spec.x.size(); ++i) {
    const Field& field = spec.x[i];
    plan.inputs.push_back(
        b.input("x" + std::to_string(i), field.shape.with_rows(), field.encoding.dtype));
    x.push_back(lower_input(b, field, plan.inputs[i]));
  }
  plan.outputs = graph.lower(b, x, options.mode);
  if (options.mode != Mode::predict) {
    lower_losses(b, spec, losses, options.metrics, plan);
    lower_penalties(b, graph);
  }
  if (options.mode == Mode::training) b.derive_gradients();
  if (options.mode == Mode::training && optimizer != nullptr) {
    std::vector<TrainedWeight> trained;
    for (const NamedWeight& each : graph.weights()) {
      const SlotId w = b.weight(each.name);
      if (b.slot(w).trainable && b.has_gradient(w)) trained.push_back({w, b.gradient(w)});
    }
    lower_updates(**optimizer, b, trained);
  }
  plan.slots = b.slots();
  plan.ops = std::move(b.ops());
  plan.losses = b.losses();
  plan.penalties = b.penalties();
  if (options.mode == Mode::training || options.part.count > 1) {
    divide_into_shards(plan, options.shards, options.part);
  }
  return plan;
}

Plan make_loss_plan(const Loss& loss, const Spec& spec, const PlanOptions& options) {
  Builder b(options.real);
  Plan plan{.mode = options.mode, .real = options.real, .capacity = options.capacity};
  const Field& outputs = spec.x[0];
  plan.inputs.push_back(b.input("x0", outputs.shape.with_rows(), outputs.encoding.dtype));
  plan.outputs.push_back(lower_input(b, outputs, plan.inputs[0]));
  lower_losses(b, spec, {OutputLoss(loss)}, {}, plan);
  plan.slots = b.slots();
  plan.ops = std::move(b.ops());
  plan.losses = b.losses();
  return plan;
}

}  // namespace cornu::inline v0
