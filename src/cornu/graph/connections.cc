#include <utility>

#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

std::vector<std::vector<std::string>> Graph::connections() const {
  std::vector<std::vector<std::string>> from(layers_.size());
  std::vector<std::string> names(tensors_.size());
  std::vector<int64_t> calls(layers_.size());
  for (const Node& node : nodes_) {
    const size_t layer = index_of(node.layer);
    for (const int tensor : node.in) {
      const std::string& name = names[static_cast<size_t>(tensor)];
      if (!name.empty()) from[layer].push_back(name);
    }
    const std::string call = std::to_string(calls[layer]++);
    for (size_t i = 0; i < node.out.size(); ++i) {
      names[static_cast<size_t>(node.out[i])] =
          node.layer.name() + "[" + call + "][" + std::to_string(i) + "]";
    }
  }
  return from;
}

}  // namespace cornu::inline v0
