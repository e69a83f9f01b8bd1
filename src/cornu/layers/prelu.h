#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct PReLUOptions {
  /// Values of the slopes before training.
  Initializer alpha_initializer = "zeros";
  /// Penalty on the slopes, or none.
  Regularizer alpha_regularizer = {};
  /// Axes along which one slope is shared, from 1: the batch axis is 0.
  std::vector<int64_t> shared_axes = {};
  /// Name in the model; empty: made from the class, "p_re_lu", "p_re_lu_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("alpha_initializer", self.alpha_initializer);
    v("alpha_regularizer", self.alpha_regularizer);
    v("shared_axes", self.shared_axes);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Rectifier with slopes that are learned (He et al. 2015): y = x where x > 0, else alpha·x, with
/// an alpha for each element, or one for all along shared_axes. Weights: alpha, of a sample's shape
/// with extent 1 along shared_axes. Any shape. Error for a shared axis that a sample does not have.
class CORNU_API PReLU final : public Layer {
 public:
  static constexpr std::string_view kType = "PReLU";
  using Options = PReLUOptions;
  explicit PReLU(PReLUOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit PReLU(Initializer alpha_initializer)
      : PReLU(PReLUOptions{.alpha_initializer = std::move(alpha_initializer)}) {}
};

}  // namespace cornu::inline v0
