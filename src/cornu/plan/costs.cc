#include "cornu/plan/costs.h"

#include <algorithm>

#include "cornu/plan/plan.h"

namespace cornu::inline v0 {
namespace {

// The layer of the network that a path lies in: "encoder" of "encoder/dense".
std::string outermost(const std::string& path) {
  return path.substr(0, path.find('/'));
}

int64_t bytes_of(const Slot& slot) {
  return slot.shape.size(1) * static_cast<int64_t>(itemsize(slot.dtype));
}

// The network's ops alone, for samples of float32.
Builder lowered(const Graph& graph, Mode mode) {
  Builder b;
  graph.declare(b);
  Slots x;
  for (const int input : graph.inputs()) x.push_back(b.input("x", graph.shape(input), b.real()));
  graph.lower(b, x, mode);
  return b;
}

}  // namespace

std::map<std::string, LayerCosts> layer_costs(const Graph& graph, const Optimizer* optimizer) {
  std::map<std::string, LayerCosts> costs;
  for (const Layer& layer : graph.layers()) costs[layer.name()];
  Builder forward = lowered(graph, Mode::predict);
  for (const Op& op : forward.ops()) {
    costs[outermost(op.layer)].flops += flops(op, sizes_of(op, forward.slots(), 1));
  }
  Builder training = lowered(graph, Mode::training);
  for (const Op& op : training.ops()) {
    if (op.phase != Phase::forward) continue;
    for (const SlotId out : op.out) {
      costs[outermost(op.layer)].activation_bytes += bytes_of(training.slot(out));
    }
  }
  if (optimizer == nullptr) return costs;
  std::vector<TrainedWeight> trained;
  for (const NamedWeight& each : graph.weights()) {
    const SlotId w = training.weight(each.name);
    if (training.slot(w).trainable) trained.push_back({w, training.gradient(w)});
  }
  lower_updates(**optimizer, training, trained);
  // A state of a weight is called OPTIMIZER/WEIGHT/STATE.
  const std::string prefix = std::string((*optimizer)->name()) + "/";
  for (const Slot& slot : training.slots()) {
    if (slot.kind != SlotKind::state || slot.base != kNone) continue;
    if (!slot.name.starts_with(prefix)) continue;
    const auto found = costs.find(outermost(slot.name.substr(prefix.size())));
    if (found != costs.end()) found->second.optimizer_bytes += bytes_of(slot);
  }
  return costs;
}

}  // namespace cornu::inline v0
