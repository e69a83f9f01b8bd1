#pragma once

// Shared by the tests of networks in this folder.

#include <string>
#include <vector>

#include "cornu/models/model.h"

namespace cornu::inline v0 {

/// Numbers between -1 and 1 by a formula.
inline Tensor floats(Shape shape) {
  Tensor x(shape);
  for (int64_t i = 0; i < x.size(); ++i) {
    x.span<float>()[static_cast<size_t>(i)] = static_cast<float>((i * 7 + 3) % 13 - 6) / 8;
  }
  return x;
}

inline std::vector<std::string> names_of(const Model& model) {
  std::vector<std::string> names;
  for (const Layer& layer : model.layers()) names.push_back(layer.name());
  return names;
}

}  // namespace cornu::inline v0
