#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct PermuteOptions {
  /// Axes of the input in their order in the output, from 1: the batch axis is 0. Required.
  std::vector<int64_t> dims = {};
  /// Name in the model; empty: made from the class, "permute", "permute_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("dims", self.dims);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Puts the axes of each sample into another order: axis i of y is axis dims[i] of x. Shapes: x
/// (None, …) -> y with the same extents in that order. Error if dims are not the numbers from 1 on,
/// each once, or not as many as a sample has axes.
class CORNU_API Permute final : public Layer {
 public:
  static constexpr std::string_view kType = "Permute";
  using Options = PermuteOptions;
  explicit Permute(PermuteOptions options);
  /// The first option by position.
  template <class = void>
  explicit Permute(std::vector<int64_t> dims) : Permute(PermuteOptions{.dims = std::move(dims)}) {}
};

}  // namespace cornu::inline v0
