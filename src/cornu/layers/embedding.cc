#include "cornu/layers/embedding.h"

#include <utility>

#include "cornu/layers/require_internal.h"

namespace cornu::inline v0 {
namespace {

// Indices are floats in a plan; they hold all whole numbers up to here.
constexpr int64_t kMostIndices = int64_t{1} << 24;

class EmbeddingDescription final : public LayerWith<EmbeddingOptions> {
 public:
  using LayerWith::LayerWith;
  std::string_view type() const override { return Embedding::kType; }

  std::vector<WeightSpec> weights(const Shapes&) const override {
    return {{"embeddings",
             {options.input_dim, options.output_dim},
             options.embeddings_initializer,
             options.embeddings_regularizer}};
  }

  Slots lower(Builder& b, Slots x, Mode) const override {
    return b.emit(ops::Embedding{}, {x[0], b.weight("embeddings")});
  }
};

EmbeddingOptions checked(EmbeddingOptions options) {
  require<Embedding>(options.input_dim >= 1 && options.input_dim <= kMostIndices, options,
                     "input_dim", "input_dim from 1 to 16,777,216",
                     std::to_string(options.input_dim),
                     "input_dim is the number of different indices: the largest plus 1");
  require<Embedding>(options.output_dim >= 1, options, "output_dim", "output_dim > 0",
                     std::to_string(options.output_dim),
                     "output_dim is the length of the vector of each index");
  require<Embedding>(!options.mask_zero, options, "mask_zero", "mask_zero=false", "true",
                     "Cornu has no masks");
  return options;
}

}  // namespace

Embedding::Embedding(EmbeddingOptions options)
    : Layer(std::make_shared<EmbeddingDescription>(checked(std::move(options)))) {}

}  // namespace cornu::inline v0
