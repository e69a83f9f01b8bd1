#include <algorithm>

#include "cornu/graph/graph.h"

namespace cornu::inline v0 {

std::vector<std::string> Graph::connected_to(const Layer& layer) const {
  std::vector<std::string> names(tensors_.size());
  std::vector<Layer> called;
  std::vector<std::string> from;
  for (const Node& node : nodes_) {
    for (const int tensor : node.in) {
      const std::string& name = names[static_cast<size_t>(tensor)];
      if (node.layer == layer && !name.empty()) from.push_back(name);
    }
    const auto call = std::ranges::count(called, node.layer);
    called.push_back(node.layer);
    for (size_t i = 0; i < node.out.size(); ++i) {
      names[static_cast<size_t>(node.out[i])] =
          node.layer.name() + "[" + std::to_string(call) + "][" + std::to_string(i) + "]";
    }
  }
  return from;
}

}  // namespace cornu::inline v0
