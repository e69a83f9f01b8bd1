#pragma once

// Batch normalization (Ioffe and Szegedy 2015). x has features along its last axis; a column is one
// feature over all other axes.

#include "cornu/ops/gradients.h"

namespace cornu::inline v0::ops {

/// Mean and population variance of each column, in float64, two passes; in = {x} -> {mean,
/// variance}. Shapes: (rows, …, n) -> (n) both. NormalizeBack computes its gradient.
struct ColumnMoments {
  static constexpr std::string_view kName = "column_moments";
  static constexpr Layout kLayout = Layout::lines;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ColumnMoments&, const ColumnMoments&) = default;
};

/// At every step moving = moving·momentum + now·(1 − momentum); in = {now}, out = {moving}.
struct MovingStatistics {
  double momentum = 0.99;
  static constexpr std::string_view kName = "moving_statistics";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("momentum", self.momentum); }
  friend bool operator==(const MovingStatistics&, const MovingStatistics&) = default;
};

/// scale = gamma / √(variance + ε), shift = beta − mean·scale; in = {mean, variance, gamma, beta},
/// of which the last two may be kNone -> {scale, shift}. Shapes: (n) all.
struct ColumnScale {
  double epsilon = 1e-3;
  static constexpr std::string_view kName = "column_scale";
  static constexpr bool kReadsItsShare = true;
  static void visit_fields(auto& self, auto& v) { v("epsilon", self.epsilon); }
  friend bool operator==(const ColumnScale&, const ColumnScale&) = default;
};

/// y = (x − mean)·scale + beta with the statistics of the batch; in = {x, mean, variance, scale,
/// gamma, beta}, of which the last two may be kNone. Shapes: (rows, …, n) -> the same.
struct Normalize {
  double epsilon = 1e-3;
  static constexpr std::string_view kName = "normalize";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto& self, auto& v) { v("epsilon", self.epsilon); }
  friend bool operator==(const Normalize&, const Normalize&) = default;
};

/// y = fma(x, scale, shift), or x·scale if shift is kNone; in = {x, scale, shift}. Shapes:
/// (rows, …, n) -> the same. scale and shift get no gradient.
struct ScaleColumns {
  static constexpr std::string_view kName = "scale_columns";
  static constexpr Layout kLayout = Layout::lines;
  static constexpr int kLeadingAxes = kAllButTheLast;
  static void visit_fields(auto&, auto&) {}
  friend bool operator==(const ScaleColumns&, const ScaleColumns&) = default;
};

/// Σ dy and Σ dy·x̂ of each column, x̂ the normalized x; in = {dy, x, mean, variance} -> {sums,
/// products}.
struct ColumnProducts {
  double epsilon = 1e-3;
  static constexpr std::string_view kName = "column_products";
  static constexpr Layout kLayout = Layout::lines;
  static void visit_fields(auto& self, auto& v) { v("epsilon", self.epsilon); }
  friend bool operator==(const ColumnProducts&, const ColumnProducts&) = default;
};

/// dx of Normalize, through mean and variance too; in = {dy, x, mean, variance, gamma, sums,
/// products}; gamma may be kNone.
struct NormalizeBack {
  double epsilon = 1e-3;
  static constexpr std::string_view kName = "normalize_back";
  static constexpr Layout kLayout = Layout::lines;
  static void visit_fields(auto& self, auto& v) { v("epsilon", self.epsilon); }
  friend bool operator==(const NormalizeBack&, const NormalizeBack&) = default;
};

Outputs outputs(const ColumnMoments&, const Builder&, const Slots& in);
Outputs outputs(const MovingStatistics&, const Builder&, const Slots& in);
Outputs outputs(const ColumnScale&, const Builder&, const Slots& in);
Outputs outputs(const Normalize&, const Builder&, const Slots& in);
Outputs outputs(const ScaleColumns&, const Builder&, const Slots& in);
Outputs outputs(const ColumnProducts&, const Builder&, const Slots& in);
Outputs outputs(const NormalizeBack&, const Builder&, const Slots& in);
inline double flops(const ColumnMoments&, const Op&, const Sizes& size) {
  return 4 * size.in[0];
}
inline double flops(const MovingStatistics&, const Op&, const Sizes& size) {
  return 3 * size.in[0];
}
inline double flops(const ColumnScale&, const Op&, const Sizes& size) {
  return 5 * size.in[0];
}
inline double flops(const Normalize&, const Op&, const Sizes& size) {
  return 3 * size.in[0];
}
inline double flops(const ScaleColumns&, const Op&, const Sizes& size) {
  return 2 * size.in[0];
}
inline double flops(const ColumnProducts&, const Op&, const Sizes& size) {
  return 4 * size.in[0];
}
inline double flops(const NormalizeBack&, const Op&, const Sizes& size) {
  return 5 * size.in[0];
}
inline void gradient(const ColumnMoments&, const Op&, Builder&) {}
inline void gradient(const MovingStatistics&, const Op&, Builder&) {}
inline void gradient(const ColumnScale&, const Op&, Builder&) {}
void gradient(const Normalize&, const Op&, Builder&);
void gradient(const ScaleColumns&, const Op&, Builder&);
inline void gradient(const ColumnProducts&, const Op&, Builder&) {}
inline void gradient(const NormalizeBack&, const Op&, Builder&) {}
Share reads(const ColumnMoments&, const Op& op, size_t input);
Share reads(const Normalize&, const Op& op, size_t input);
Share reads(const ScaleColumns&, const Op& op, size_t input);
Share reads(const ColumnProducts&, const Op& op, size_t input);
Share reads(const NormalizeBack&, const Op& op, size_t input);

}  // namespace cornu::inline v0::ops
