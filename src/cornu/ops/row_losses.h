#pragma once

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// loss = max(max_j (1 − t)·p − Σ_j t·p + 1, 0); in = {y_pred p, y_true t}.
/// Shapes: (rows, …, classes) both -> (rows, …).
struct CategoricalHinge {
  static constexpr std::string_view kName = "categorical_hinge";
  static constexpr bool kIsLoss = true;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const CategoricalHinge&, const CategoricalHinge&) = default;
};

/// dy_pred of CategoricalHinge times weight / rows; in = {y_pred, y_true}.
struct CategoricalHingeBack {
  double weight = 1;
  static constexpr std::string_view kName = "categorical_hinge_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("weight", self.weight); }
  friend bool operator==(const CategoricalHingeBack&, const CategoricalHingeBack&) = default;
};

/// loss = −Σ_j t/‖t‖ · p/‖p‖, norms at least 1e-7; in = {y_pred p, y_true t}.
/// Shapes: (rows, …, n) both -> (rows, …).
struct CosineSimilarity {
  static constexpr std::string_view kName = "cosine_similarity";
  static constexpr bool kIsLoss = true;
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const CosineSimilarity&, const CosineSimilarity&) = default;
};

/// dy_pred of CosineSimilarity times weight / rows; in = {y_pred, y_true}.
struct CosineSimilarityBack {
  double weight = 1;
  static constexpr std::string_view kName = "cosine_similarity_back";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("weight", self.weight); }
  friend bool operator==(const CosineSimilarityBack&, const CosineSimilarityBack&) = default;
};

Outputs outputs(const CategoricalHinge&, const Builder&, const Slots& in);
Outputs outputs(const CategoricalHingeBack&, const Builder&, const Slots& in);
Outputs outputs(const CosineSimilarity&, const Builder&, const Slots& in);
Outputs outputs(const CosineSimilarityBack&, const Builder&, const Slots& in);
inline double flops(const CategoricalHinge&, const Op&, const Sizes& size) {
  return 5 * size.in[0];
}
inline double flops(const CategoricalHingeBack&, const Op&, const Sizes& size) {
  return 10 * size.in[0];
}
inline double flops(const CosineSimilarity&, const Op&, const Sizes& size) {
  return 8 * size.in[0];
}
inline double flops(const CosineSimilarityBack&, const Op&, const Sizes& size) {
  return 13 * size.in[0];
}
void gradient(const CategoricalHinge&, const Op&, Builder&);
inline void gradient(const CategoricalHingeBack&, const Op&, Builder&) {}
void gradient(const CosineSimilarity&, const Op&, Builder&);
inline void gradient(const CosineSimilarityBack&, const Op&, Builder&) {}

}  // namespace cornu::inline v0::ops
