#pragma once

#include <concepts>
#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct EmbeddingOptions {
  /// Number of indices, 0 … input_dim − 1; required, > 0.
  int64_t input_dim = 0;
  /// Length of each vector; required, > 0.
  int64_t output_dim = 0;
  /// Values of the vectors before training.
  Initializer embeddings_initializer = "random_uniform";
  /// Penalty on the vectors, or none.
  Regularizer embeddings_regularizer = {};
  /// Keras's mask of index 0, which must not be asked for: masks are not supported.
  bool mask_zero = false;
  /// Name in the model; empty: made from the class, "embedding", "embedding_1".
  std::string name = {};
  /// Whether training changes its weights.
  bool trainable = true;

  static void visit_fields(auto& self, auto& v) {
    v("input_dim", self.input_dim);
    v("output_dim", self.output_dim);
    v("embeddings_initializer", self.embeddings_initializer);
    v("embeddings_regularizer", self.embeddings_regularizer);
    v("mask_zero", self.mask_zero);
    v("name", self.name);
    v("trainable", self.trainable);
  }
};

/// Looks up a vector for each index: y = embeddings[x], x in 0 … input_dim − 1; fractions of x are
/// cut off. Weights: embeddings (input_dim, output_dim). Shapes: (None, …) -> (None, …,
/// output_dim). Error for a size that is not above 0, more than 2²⁴ indices, and mask_zero. An
/// index out of range in the data is an Error that names its sample.
class CORNU_API Embedding final : public Layer {
 public:
  static constexpr std::string_view kType = "Embedding";
  using Options = EmbeddingOptions;
  explicit Embedding(EmbeddingOptions options);
  /// The first two options by position.
  template <std::integral Integer>
  explicit Embedding(Integer input_dim, int64_t output_dim)
      : Embedding(EmbeddingOptions{.input_dim = static_cast<int64_t>(input_dim),
                                   .output_dim = output_dim}) {}
};

}  // namespace cornu::inline v0
