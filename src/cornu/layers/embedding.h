#pragma once

#include <string>

#include "cornu/layers/layer.h"

namespace cornu::inline v0 {

struct EmbeddingOptions {
  int64_t input_dim = 0;   ///< required, > 0: how many indices there are
  int64_t output_dim = 0;  ///< required, > 0: the length of a vector
  Initializer embeddings_initializer = "random_uniform";
  Regularizer embeddings_regularizer = {};
  bool mask_zero = false;  ///< Keras's; only false
  std::string name = {};
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

/// y = embeddings[x], a vector for each index 0 … input_dim − 1; numbers lose their fraction.
/// Weights: embeddings (input_dim, output_dim). Shapes: (None, …) -> (None, …, output_dim).
/// Error for a size that is not above 0, more than 2²⁴ indices, and mask_zero; an index outside the
/// vectors is an error of the data, told with its sample.
class CORNU_API Embedding final : public Layer {
 public:
  static constexpr std::string_view kType = "Embedding";
  using Options = EmbeddingOptions;
  explicit Embedding(EmbeddingOptions options);
};

}  // namespace cornu::inline v0
