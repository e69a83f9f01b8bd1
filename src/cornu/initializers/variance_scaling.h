#pragma once

#include <utility>

#include "cornu/initializers/initializer_with.h"

namespace cornu::inline v0 {

struct VarianceScalingOptions {
  /// Factor of the variance, > 0.
  double scale = 1;
  /// Divisor of the variance: "fan_in", "fan_out" or their mean, "fan_avg".
  std::string mode = "fan_in";
  /// "truncated_normal", "untruncated_normal" or "uniform".
  std::string distribution = "truncated_normal";
  /// Random seed, ≥ 0; -1: derived from the model's seed and the weight's name.
  int64_t seed = -1;

  static void visit_fields(auto& self, auto& v) {
    v("scale", self.scale);
    v("mode", self.mode);
    v("distribution", self.distribution);
    v("seed", self.seed);
  }
};

/// Random numbers with a variance of scale / n, where n is fan_in, fan_out or their mean. They are
/// normal, truncated normal (before truncation their stddev is √(scale/n) / 0.87962566103423978),
/// or uniform within ±√(3·scale/n). fan_in and fan_out are the last two extents, each times all
/// extents before them. Error for a scale that is not above 0, and for an unknown mode or
/// distribution.
class CORNU_API VarianceScaling final : public Initializer {
 public:
  static constexpr std::string_view kName = "variance_scaling";
  using Options = VarianceScalingOptions;
  explicit VarianceScaling(VarianceScalingOptions options = {});
  /// The first option, or the first two, by position.
  template <class = void>
  explicit VarianceScaling(double scale, std::string mode = "fan_in")
      : VarianceScaling(VarianceScalingOptions{.scale = scale, .mode = std::move(mode)}) {}
};

/// Uniform numbers within ±√(6 / (fan_in + fan_out)) (Glorot and Bengio 2010).
class CORNU_API GlorotUniform final : public Initializer {
 public:
  static constexpr std::string_view kName = "glorot_uniform";
  using Options = SeedOptions;
  explicit GlorotUniform(SeedOptions options = {});
};

/// Truncated normal numbers of variance 2 / (fan_in + fan_out) (Glorot and Bengio 2010).
class CORNU_API GlorotNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "glorot_normal";
  using Options = SeedOptions;
  explicit GlorotNormal(SeedOptions options = {});
};

/// Uniform numbers within ±√(6 / fan_in) (He et al. 2015).
class CORNU_API HeUniform final : public Initializer {
 public:
  static constexpr std::string_view kName = "he_uniform";
  using Options = SeedOptions;
  explicit HeUniform(SeedOptions options = {});
};

/// Truncated normal numbers of variance 2 / fan_in (He et al. 2015).
class CORNU_API HeNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "he_normal";
  using Options = SeedOptions;
  explicit HeNormal(SeedOptions options = {});
};

/// Uniform numbers within ±√(3 / fan_in) (LeCun et al. 1998).
class CORNU_API LecunUniform final : public Initializer {
 public:
  static constexpr std::string_view kName = "lecun_uniform";
  using Options = SeedOptions;
  explicit LecunUniform(SeedOptions options = {});
};

/// Truncated normal numbers of variance 1 / fan_in (LeCun et al. 1998).
class CORNU_API LecunNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "lecun_normal";
  using Options = SeedOptions;
  explicit LecunNormal(SeedOptions options = {});
};

}  // namespace cornu::inline v0
