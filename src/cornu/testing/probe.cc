#include "cornu/testing/probe.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cornu/core/rng.h"
#include "cornu/plan/passes.h"

namespace cornu::inline v0::testing {
namespace {

void set(Tensor& tensor, int64_t index, double value) {
  const auto i = static_cast<size_t>(index);
  switch (tensor.dtype()) {
    case DType::float32:
      tensor.span<float>()[i] = static_cast<float>(value);
      break;
    case DType::float64:
      tensor.span<double>()[i] = value;
      break;
    case DType::uint8:
      tensor.span<uint8_t>()[i] = static_cast<uint8_t>(value);
      break;
    case DType::int32:
      tensor.span<int32_t>()[i] = static_cast<int32_t>(value);
      break;
    case DType::int64:
      tensor.span<int64_t>()[i] = static_cast<int64_t>(value);
      break;
  }
}

// A float32 number whose magnitude lies within the bounds, so that both precisions hold it.
double draw_one(uint64_t key, uint64_t index, const CheckOptions& options) {
  const auto words = Philox::words(key, 0, index);
  const double size =
      options.smallest + (options.largest - options.smallest) * uniform(words[0], words[1]);
  return static_cast<double>(static_cast<float>(words[2] % 2 == 0 ? size : -size));
}

SlotId gradient_of(const Plan& plan, SlotId of) {
  const std::string name = "d " + plan.slot(of).name;
  for (size_t id = 0; id < plan.slots.size(); ++id) {
    const Slot& slot = plan.slots[id];
    if (slot.name == name && slot.kind == SlotKind::gradient && slot.base == kNone) {
      return static_cast<SlotId>(id);
    }
  }
  return kNone;
}

}  // namespace

std::vector<NamedWeight> Probe::weights_of(Layer layer, const std::string& around) {
  std::vector<NamedWeight> all;
  const std::string path = around + layer.name() + "/";
  for (Weight& weight : layer.weights()) {
    all.push_back({path + weight.name, &weight, weight.trainable});
  }
  for (const Layer& inside : layer.description().layers()) {
    for (NamedWeight& each : weights_of(inside, path)) all.push_back(std::move(each));
  }
  return all;
}

Plan Probe::layer_plan(const Layer& layer, const Shapes& x, Mode mode, DType real, int64_t rows) {
  Builder b(real);
  for (const NamedWeight& each : weights_of(layer)) {
    b.declare_weight(each.name, each.weight->value.shape(), each.trainable);
  }
  Plan plan{.mode = mode, .real = real, .capacity = rows};
  for (size_t i = 0; i < x.size(); ++i) {
    plan.inputs.push_back(b.input("x" + std::to_string(i), x[i], real));
  }
  {
    const auto scope = b.scope(layer.name());
    plan.outputs = layer.description().lower(b, plan.inputs, mode);
  }
  // A layer that passes its input through has no op to derive a gradient of.
  plan.targets = {b.input("seed", b.slot(plan.outputs[0]).shape, real)};
  b.seed_gradient(plan.outputs[0], plan.targets[0]);
  b.derive_gradients();
  plan.slots = b.slots();
  plan.ops = std::move(b.ops());
  return plan;
}

Plan Probe::loss_plan(const Graph& graph, const Loss& loss, const Field& target, DType real,
                      int64_t rows) {
  Spec spec;
  for (int input : graph.inputs()) {
    spec.x.push_back({graph.shape(input).without_rows(), {.dtype = real}});
  }
  Field y = target;
  if (y.encoding.dtype == DType::float32) y.encoding.dtype = real;
  spec.y = {y};
  return make_plan(graph, spec, {loss}, nullptr,
                   {.mode = Mode::training, .capacity = rows, .real = real});
}

Probe::Probe(Plan plan, const std::vector<NamedWeight>& weights) {
  allocate(plan, weights);
  executor_ = make_reference_executor<double>(std::move(plan), bind());
  workspace_ = executor_->make_workspace();
}

Probe::Probe(Plan plan, const std::vector<NamedWeight>& weights, kernels::Target target,
             int threads) {
  allocate(plan, weights);
  // Every gradient is read, so none is dropped and none is in the memory of another.
  const std::vector<std::string> without = {"drop_unread", "view_parts", "shard_columns",
                                            "share_memory"};
  executor_ = make_executor(improve(std::move(plan), without), bind(),
                            {.target = target,
                             .team = std::make_shared<Team>(threads),
                             .minimum_work = 0,
                             .without = without});
  workspace_ = executor_->make_workspace();
}

void Probe::allocate(const Plan& plan, const std::vector<NamedWeight>& weights) {
  for (const NamedWeight& each : weights) {
    weights_.emplace_back(each.name, Tensor(each.weight->value.shape(), plan.real));
  }
  const auto room = [&plan](SlotId id) {
    return Tensor(plan.slot(id).shape.with_rows(plan.capacity), plan.slot(id).dtype);
  };
  for (SlotId id : plan.inputs) batch_.x.push_back(room(id));
  for (SlotId id : plan.targets) batch_.y.push_back(room(id));
  ids_.resize(static_cast<size_t>(plan.capacity));
  std::iota(ids_.begin(), ids_.end(), uint64_t{0});
  batch_.sample = ids_;
  batch_.rows = plan.capacity;
}

Bind Probe::bind() {
  return [this](const Slot& slot) -> std::byte* {
    for (auto& [name, tensor] : weights_) {
      if (name == slot.name) return tensor.data();
    }
    return nullptr;
  };
}

void Probe::draw(const CheckOptions& options) {
  uint64_t stream = options.seed;
  const auto fill = [&](Tensor& tensor) {
    const uint64_t key = mix(name_hash("check"), stream++);
    for (int64_t i = 0; i < tensor.size(); ++i) {
      set(tensor, i, draw_one(key, static_cast<uint64_t>(i), options));
    }
  };
  for (auto& [name, tensor] : weights_) fill(tensor);
  for (Tensor& x : batch_.x) {
    fill(x);
    for (int64_t i = 0; options.indices > 0 && i < x.size(); ++i) {
      set(x, i, static_cast<double>((i * 5 + 2) % options.indices));
    }
  }
  for (Tensor& y : batch_.y) {
    const bool real = y.dtype() == DType::float32 || y.dtype() == DType::float64;
    if (real && plan().losses.empty()) {
      fill(y);
      continue;
    }
    // Targets of a loss: labels that cycle through the classes, as numbers or as one-hot rows.
    const int64_t classes = plan().slot(plan().outputs[0]).shape.back();
    const int64_t width = real ? y.shape().back() : 1;
    for (int64_t row = 0; row < y.size() / width; ++row) {
      const int64_t label = (2 * row + 1) % classes;
      for (int64_t j = 0; j < width; ++j) {
        set(y, row * width + j, real ? (j == label ? 1.0 : 0.0) : static_cast<double>(label));
      }
    }
  }
}

void Probe::run() {
  executor_->run(batch_, {.seed = 7, .epoch = 1}, *workspace_);
}

double Probe::objective() const {
  double sum = 0;
  if (plan().losses.empty()) {
    const TensorView y = value(plan().outputs[0]);
    for (int64_t i = 0; i < y.size(); ++i) sum += batch_.y[0].at(i) * y.at(i);
    return sum;
  }
  for (const LossTerm& term : plan().losses) {
    const TensorView losses = value(term.per_row);
    double total = 0;
    for (int64_t i = 0; i < losses.size(); ++i) total += losses.at(i);
    sum += term.weight * total / static_cast<double>(losses.size());
  }
  for (const SlotId penalty : plan().penalties) sum += value(penalty).at(0);
  return sum;
}

std::vector<Probe::Variable> Probe::variables() {
  std::vector<Variable> all;
  for (size_t i = 0; i < plan().inputs.size(); ++i) {
    const SlotId input = plan().inputs[i];
    all.push_back({plan().slot(input).name, &batch_.x[i], gradient_of(plan(), input), true});
  }
  for (auto& [name, tensor] : weights_) {
    for (size_t id = 0; id < plan().slots.size(); ++id) {
      const Slot& slot = plan().slots[id];
      if (slot.kind != SlotKind::weight || slot.name != name || !slot.trainable) continue;
      all.push_back({name, &tensor, gradient_of(plan(), static_cast<SlotId>(id)), false});
    }
  }
  return all;
}

}  // namespace cornu::inline v0::testing
