#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

struct RandomUniformOptions {
  double minval = -0.05;
  double maxval = 0.05;
  int64_t seed = -1;

  static void visit_fields(auto& self, auto& v) {
    v("minval", self.minval);
    v("maxval", self.maxval);
    v("seed", self.seed);
  }
};

struct RandomNormalOptions {
  double mean = 0;
  double stddev = 0.05;
  int64_t seed = -1;

  static void visit_fields(auto& self, auto& v) {
    v("mean", self.mean);
    v("stddev", self.stddev);
    v("seed", self.seed);
  }
};

/// Uniform from minval to below maxval. Error when minval is above maxval or one is not finite.
class CORNU_API RandomUniform final : public Initializer {
 public:
  static constexpr std::string_view kName = "random_uniform";
  using Options = RandomUniformOptions;
  explicit RandomUniform(RandomUniformOptions options = {});
};

/// Normal. Error for a stddev that is negative or not finite.
class CORNU_API RandomNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "random_normal";
  using Options = RandomNormalOptions;
  explicit RandomNormal(RandomNormalOptions options = {});
};

/// Normal, drawn again where it is further than two stddev from the mean. Error as for
/// RandomNormal.
class CORNU_API TruncatedNormal final : public Initializer {
 public:
  static constexpr std::string_view kName = "truncated_normal";
  using Options = RandomNormalOptions;
  explicit TruncatedNormal(RandomNormalOptions options = {});
};

}  // namespace cornu::inline v0
