#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

struct RandomUniformOptions {
  /// Lower bound of the numbers; finite.
  double minval = -0.05;
  /// Upper bound, ≥ minval; finite.
  double maxval = 0.05;
  /// Random seed, ≥ 0; -1: derived from the model's seed and the weight's name.
  int64_t seed = -1;

  static void visit_fields(auto& self, auto& v) {
    v("minval", self.minval);
    v("maxval", self.maxval);
    v("seed", self.seed);
  }
};

struct RandomNormalOptions {
  /// Mean of the numbers; finite.
  double mean = 0;
  /// Their standard deviation, ≥ 0.
  double stddev = 0.05;
  /// Random seed, ≥ 0; -1: derived from the model's seed and the weight's name.
  int64_t seed = -1;

  static void visit_fields(auto& self, auto& v) {
    v("mean", self.mean);
    v("stddev", self.stddev);
    v("seed", self.seed);
  }
};

/// Uniform numbers from minval to below maxval. Error when minval is above maxval or one is not
/// finite.
class CORNU_API RandomUniform final : public Initializer {
 public:
  static constexpr std::string_view kName = "random_uniform";
  using Options = RandomUniformOptions;
  explicit RandomUniform(RandomUniformOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit RandomUniform(double minval, double maxval = 0.05)
      : RandomUniform(RandomUniformOptions{.minval = minval, .maxval = maxval}) {}
};

/// Normal numbers. Error for a stddev that is negative or not finite.
class CORNU_API RandomNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "random_normal";
  using Options = RandomNormalOptions;
  explicit RandomNormal(RandomNormalOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit RandomNormal(double mean, double stddev = 0.05)
      : RandomNormal(RandomNormalOptions{.mean = mean, .stddev = stddev}) {}
};

/// Normal numbers; one further than two stddev from the mean is drawn again. Error for a stddev
/// that is negative or not finite.
class CORNU_API TruncatedNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "truncated_normal";
  using Options = RandomNormalOptions;
  explicit TruncatedNormal(RandomNormalOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit TruncatedNormal(double mean, double stddev = 0.05)
      : TruncatedNormal(RandomNormalOptions{.mean = mean, .stddev = stddev}) {}
};

}  // namespace cornu::inline v0
