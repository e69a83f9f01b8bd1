#include <algorithm>
#include <map>

#include "cornu/graph/graph.h"
#include "cornu/layers/input.h"

namespace cornu::inline v0 {
namespace {

using Key = std::pair<const LayerCall*, size_t>;

Key key_of(const SymbolicTensor& tensor) {
  return {&tensor.call(), tensor.index()};
}

bool is_input(const LayerCall& call) {
  return call.layer.type() == Input::kType && call.in.empty();
}

/// The calls on the way from the inputs to the outputs, in the order in which they were made.
class Calls {
 public:
  explicit Calls(const std::map<Key, int>& inputs) : inputs_(inputs) {}

  void reach(const SymbolicTensor& tensor) {
    // A network may be deep, so the tensors left to visit are kept here and not on the stack.
    std::vector<const SymbolicTensor*> left = {&tensor};
    while (!left.empty()) {
      const SymbolicTensor& now = *left.back();
      left.pop_back();
      if (inputs_.contains(key_of(now))) continue;
      const LayerCall& call = now.call();
      if (is_input(call)) {
        throw Error({.where = "Model",
                     .what = "an output depends on " + call.layer.where() +
                             ", which is not among the inputs",
                     .hint = "name every Input: Model({x}, {y})"});
      }
      if (!found_.emplace(call.order, &call).second) continue;
      for (const SymbolicTensor& each : call.in) left.push_back(&each);
    }
  }

  const std::map<uint64_t, const LayerCall*>& found() const { return found_; }

 private:
  const std::map<Key, int>& inputs_;
  std::map<uint64_t, const LayerCall*> found_;
};

}  // namespace

Graph Graph::between(const SymbolicTensors& inputs, const SymbolicTensors& outputs, Inputs given) {
  if (inputs.empty() || outputs.empty()) {
    throw Error({.where = "Model",
                 .expected = "at least one input and one output",
                 .found = std::to_string(inputs.size()) + " inputs and " +
                          std::to_string(outputs.size()) + " outputs"});
  }
  Graph graph;
  std::map<Key, int> tensor_of;
  for (const SymbolicTensor& each : inputs) {
    const int tensor = graph.add_input(each.shape().without_rows());
    if (!tensor_of.emplace(key_of(each), tensor).second) {
      throw Error({.where = "Model", .what = "an input is given twice"});
    }
  }
  Calls calls(tensor_of);
  for (const SymbolicTensor& each : outputs) calls.reach(each);
  for (const SymbolicTensor& each : inputs) {
    if (given == Inputs::left_out || !is_input(each.call())) continue;
    int& tensor = tensor_of.at(key_of(each));
    tensor = graph.add(each.call().layer, {tensor})[0];
  }
  for (const auto& [order, call] : calls.found()) {
    std::vector<int> in;
    for (const SymbolicTensor& each : call->in) in.push_back(tensor_of.at(key_of(each)));
    const std::vector<int> out = graph.add(call->layer, in);
    for (size_t i = 0; i < out.size(); ++i) tensor_of.emplace(Key{call, i}, out[i]);
  }
  std::vector<int> ends;
  for (const SymbolicTensor& each : outputs) ends.push_back(tensor_of.at(key_of(each)));
  graph.set_outputs(std::move(ends));
  return graph;
}

}  // namespace cornu::inline v0
