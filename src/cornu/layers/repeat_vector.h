#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct RepeatVectorOptions {
  /// Number of repetitions; required, > 0.
  int64_t n = 0;
  /// Name in the model; empty: made from the class, "repeat_vector", "repeat_vector_1".
  std::string name = {};
  /// Has no effect: the layer has no weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("n", self.n);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Repeats each sample, a vector, n times: a sequence of n equal steps. Shapes: (None, features) ->
/// (None, n, features). Error for another number of axes.
class CORNU_API RepeatVector final : public Layer {
 public:
  static constexpr std::string_view kType = "RepeatVector";
  using Options = RepeatVectorOptions;
  explicit RepeatVector(RepeatVectorOptions options);
  /// The first option by position.
  template <std::integral Integer>
  explicit RepeatVector(Integer n)
      : RepeatVector(RepeatVectorOptions{.n = static_cast<int64_t>(n)}) {}
};

}  // namespace cornu::inline v0
