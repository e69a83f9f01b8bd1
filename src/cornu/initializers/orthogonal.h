#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

struct OrthogonalOptions {
  double gain = 1;    ///< factor of the orthogonal matrix; finite
  int64_t seed = -1;  ///< random seed, ≥ 0; -1: derived from the model's seed and the weight's name

  static void visit_fields(auto& self, auto& v) {
    v("gain", self.gain);
    v("seed", self.seed);
  }
};

struct IdentityOptions {
  double gain = 1;  ///< value on the diagonal; finite

  static void visit_fields(auto& self, auto& v) { v("gain", self.gain); }
};

/// A matrix with orthonormal rows or columns (Saxe et al. 2014): gain · Q, where Q is from the QR
/// decomposition of a matrix of normal numbers, with signs that make R's diagonal positive. The
/// weight counts as a matrix whose columns are its last axis; its rows or its columns, whichever
/// are fewer, are orthonormal. Computed by Householder reflections in float64. Error for a weight
/// of fewer than two axes and a gain that is not finite.
class CORNU_API Orthogonal final : public Initializer {
 public:
  static constexpr std::string_view kName = "orthogonal";
  using Options = OrthogonalOptions;
  explicit Orthogonal(OrthogonalOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit Orthogonal(double gain, int64_t seed = -1)
      : Orthogonal(OrthogonalOptions{.gain = gain, .seed = seed}) {}
};

/// An identity matrix: gain on the diagonal, 0 elsewhere. Error for a weight whose number of axes
/// is not two.
class CORNU_API Identity final : public Initializer {
 public:
  static constexpr std::string_view kName = "identity";
  using Options = IdentityOptions;
  explicit Identity(IdentityOptions options = {});
  /// The first option by position.
  template <class = void>
  explicit Identity(double gain) : Identity(IdentityOptions{.gain = gain}) {}
};

}  // namespace cornu::inline v0
