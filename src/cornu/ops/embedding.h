#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// y = table[x], a row of the table for each index; in = {x, table}. x holds whole numbers (a
/// fraction is dropped); an index outside the table reads the nearest row, but indices from data
/// were checked before (plan/check_batch.h). x gets no gradient. Shapes: x (rows, …), table (n,
/// units) -> y (rows, …, units).
struct Embedding {
  static constexpr std::string_view kName = "embedding";
  static constexpr Layout kLayout = Layout::any_lines;
  static constexpr Layout kFirstLayout = Layout::side_by_side;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const Embedding&, const Embedding&) = default;
};

/// dtable[k] = Σ dy over the places where x is k, in ascending order; in = {dy, x, table}, the
/// table for its shape.
struct EmbeddingBack {
  static constexpr std::string_view kName = "embedding_back";
  static constexpr Layout kFirstLayout = Layout::any_lines;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const EmbeddingBack&, const EmbeddingBack&) = default;
};

Outputs outputs(const Embedding&, const Builder&, const Slots& in);
Outputs outputs(const EmbeddingBack&, const Builder&, const Slots& in);
inline double flops(const Embedding&, const Op&, const Sizes& size) {
  return size.out[0];
}
inline double flops(const EmbeddingBack&, const Op&, const Sizes& size) {
  return size.in[0];
}
void gradient(const Embedding&, const Op&, Builder&);
inline void gradient(const EmbeddingBack&, const Op&, Builder&) {}
inline Share reads(const Embedding&, const Op& op, size_t input) {
  return input == 0 ? written_share(op) : Share::all;
}
inline Share reads(const EmbeddingBack&, const Op&, size_t) {
  return Share::all;
}

}  // namespace cornu::inline v0::ops
