#pragma once

#include "cornu/initializers/initializer.h"

namespace cornu::inline v0 {

/// Implements name(), config() and seed() for an initializer of class I.
template <class I>
class InitializerWith : public InitializerDescription {
 public:
  using Options = typename I::Options;
  explicit InitializerWith(Options given) : options(std::move(given)) {}
  std::string_view name() const override { return I::kName; }
  Value::Map config() const override { return fields_to_map(options); }
  int64_t seed() const override {
    if constexpr (requires { options.seed; }) return options.seed;
    return -1;
  }

 protected:
  Options options;
};

/// Options of an initializer whose only option is its seed.
struct SeedOptions {
  int64_t seed = -1;  ///< random seed, ≥ 0; -1: derived from the model's seed and the weight's name

  static void visit_fields(auto& self, auto& v) { v("seed", self.seed); }
};

}  // namespace cornu::inline v0
